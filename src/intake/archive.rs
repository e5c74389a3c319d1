//! Archives: the files inside a zip file, unpacked one by one and never more of
//! them than the limits allow. What an archive says about its own sizes is not
//! believed: bytes are counted while they come out.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::config::Limits;

/// A zip file whose files are read by name.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still come out of it.
    room: usize,
}

impl<'a> Archive<'a> {
    /// Reads the list of files; the reason why it cannot be read otherwise.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, String> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("its archive is broken: {error}"))?;
        if zip.len() > limits.archive_files {
            return Err(format!("it holds {} files, more than {}", zip.len(), limits.archive_files));
        }
        Ok(Archive { zip, room: limits.unpacked_bytes })
    }

    /// The names of its files, folders left out, in the archive's order.
    pub(super) fn names(&self) -> Vec<String> {
        self.zip.file_names().flatten().filter(|name| !name.ends_with('/')).map(Into::into).collect()
    }

    /// One file's bytes, or why they cannot be had.
    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let file = self.zip.by_name(name).map_err(|error| format!("{name} in it cannot be read: {error}"))?;
        let mut bytes = Vec::new();
        // One byte more than there is room for tells that it is too much.
        let read = file.take(self.room as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("{name} in it cannot be unpacked: {error}"))?;
        if bytes.len() > self.room {
            // The rest would be unpacked up to the limit once for each file, only to fail again.
            self.room = 0;
            return Err("unpacked it is larger than the limit".to_owned());
        }
        self.room -= bytes.len();
        Ok(bytes)
    }
}
