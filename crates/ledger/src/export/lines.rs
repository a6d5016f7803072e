//! From the bytes of an export to its lines, as they are read.

use super::LINE_BYTES;

/// Cuts what is read into lines. A line that stands whole in what was read is not copied; of one that does not, at most
/// [`LINE_BYTES`] and what was read last are kept.
#[derive(Debug, Default)]
pub struct Lines {
    /// A line whose end was not read yet.
    begun: Vec<u8>,
}

impl Lines {
    /// Calls `then` with every line that ends in these bytes, without its end. A line that is too long is given
    /// as far as it was read, for whoever takes lines to refuse.
    ///
    /// # Errors
    /// The first that `then` gives.
    pub fn read<E>(
        &mut self,
        mut bytes: &[u8],
        mut then: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some((line, rest)) =
            memchr::memchr(b'\n', bytes).and_then(|end| bytes.split_at_checked(end))
        {
            if self.begun.is_empty() {
                then(line)?;
            } else {
                self.begun.extend_from_slice(line);
                self.give(&mut then)?;
            }
            bytes = rest.get(1..).unwrap_or(&[]);
        }
        self.begun.extend_from_slice(bytes);
        if self.begun.len() > LINE_BYTES {
            self.give(&mut then)?;
        }
        Ok(())
    }

    /// Gives what was kept and keeps it no longer, whatever comes of it.
    fn give<E>(&mut self, then: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let given = then(&self.begun);
        self.begun.clear();
        given
    }
}

#[cfg(test)]
mod tests {
    use super::{LINE_BYTES, Lines};

    /// Every line, however the bytes come.
    fn lines(text: &[u8], pieces: usize) -> Vec<Vec<u8>> {
        let (mut lines, mut found) = (Lines::default(), Vec::new());
        for piece in text.chunks(pieces) {
            let read: Result<(), ()> = lines.read(piece, |line| {
                found.push(line.to_vec());
                Ok(())
            });
            assert_eq!(read, Ok(()));
        }
        found
    }

    #[test]
    fn lines_are_the_same_however_the_bytes_come() {
        let text = b"one\n\ntwo three\nfour\ncut";
        for pieces in 1..=text.len() {
            let found = lines(text, pieces);
            let wanted: [&[u8]; 4] = [b"one", b"", b"two three", b"four"];
            assert_eq!(found, wanted, "{pieces} at a time");
        }
    }

    #[test]
    fn a_line_without_end_is_given_before_it_fills_the_memory() {
        let mut lines = Lines::default();
        let piece = vec![b'x'; 4096];
        let mut given = 0;
        for _ in 0..LINE_BYTES / piece.len() + 2 {
            let _ = lines.read(&piece, |line| {
                given = line.len();
                Err(())
            });
        }
        assert!(given > LINE_BYTES && given <= LINE_BYTES + piece.len());
    }
}
