//! Files made to hurt, family by family: each must be refused or cut with a
//! warning, in time linear in its size and in bounded memory.

mod records;
