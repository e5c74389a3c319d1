//! What no person said to another: records of a CRM, tables, notes and
//! documents of an office.

pub(super) mod crm;
pub(super) mod docx;
mod docx_xml;
mod hubspot;
mod identity;
pub(super) mod note;
pub(super) mod office;
pub(super) mod record;
mod salesforce;
mod sections;
pub(super) mod table;
