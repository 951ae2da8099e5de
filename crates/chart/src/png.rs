//! The picture as a file: colours by number while there are few, so that it stays small.
//! (PNG specification, third edition)

use std::collections::HashMap;
use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use crate::canvas::{Canvas, Rgb};

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];

/// Colours that one byte can number.
const NUMBERED_MAX: usize = 256;

/// "Colour type": three channels, or a number of the palette.
const TRUE_COLOUR: u8 = 2;
const NUMBERED: u8 = 3;

pub(crate) fn encode(canvas: &Canvas) -> Vec<u8> {
    let mut file = SIGNATURE.to_vec();
    if let Some((colours, number_of)) = palette(canvas) {
        chunk(&mut file, *b"IHDR", &header(canvas, NUMBERED));
        chunk(&mut file, *b"PLTE", &colours.concat());
        chunk(&mut file, *b"IDAT", &packed(canvas.rows().map(|row| numbers(row, &number_of))));
    } else {
        chunk(&mut file, *b"IHDR", &header(canvas, TRUE_COLOUR));
        chunk(&mut file, *b"IDAT", &packed(canvas.rows().map(<[Rgb]>::concat)));
    }
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// The colours in the order in which they are met, and the number of each; `None` if they are too
/// many.
fn palette(canvas: &Canvas) -> Option<(Vec<Rgb>, HashMap<Rgb, u8>)> {
    let (mut colours, mut number_of) = (Vec::new(), HashMap::new());
    let mut before = None;
    for pixel in canvas.rows().flatten() {
        if before != Some(*pixel) && !number_of.contains_key(pixel) {
            number_of.insert(*pixel, u8::try_from(colours.len()).ok()?);
            colours.push(*pixel);
        }
        before = Some(*pixel);
    }
    (colours.len() <= NUMBERED_MAX).then_some((colours, number_of))
}

/// The number of each pixel's colour; most have that of the pixel before.
fn numbers(row: &[Rgb], number_of: &HashMap<Rgb, u8>) -> Vec<u8> {
    let mut before = None;
    let number = |pixel: &Rgb| match before {
        Some((same, number)) if same == *pixel => number,
        _ => {
            let number = number_of.get(pixel).copied().unwrap_or_default();
            before = Some((*pixel, number));
            number
        }
    };
    row.iter().map(number).collect()
}

fn header(canvas: &Canvas, colour_type: u8) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(canvas.width().to_be_bytes());
    header.extend(canvas.height().to_be_bytes());
    // Eight bits each, and the only methods that there are: no interlacing.
    header.extend([8, colour_type, 0, 0, 0]);
    header
}

/// The rows, none of them filtered: areas of one colour pack best so.
fn packed(rows: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in rows {
        // Writing to memory cannot fail.
        let _written = packer.write_all(&[0]).and_then(|()| packer.write_all(&row));
    }
    packer.finish().unwrap_or_default()
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(content);
    file.extend(u32::try_from(content.len()).unwrap_or_default().to_be_bytes());
    file.extend(kind);
    file.extend(content);
    file.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::ZlibDecoder;

    use super::*;
    use crate::canvas::Area;

    /// The chunks of a file, each with its checksum compared.
    fn chunks(file: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut rest = file.strip_prefix(&SIGNATURE).unwrap();
        let mut found = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let mut crc = Crc::new();
            crc.update(&rest[4..8 + length]);
            assert_eq!(rest[8 + length..12 + length], crc.sum().to_be_bytes());
            let kind = String::from_utf8(rest[4..8].to_vec()).unwrap();
            found.push((kind, rest[8..8 + length].to_vec()));
            rest = &rest[12 + length..];
        }
        found
    }

    fn unpacked(packed: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        ZlibDecoder::new(packed).read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn few_colours_are_numbered() {
        let mut canvas = Canvas::new(3, 2, [1, 2, 3]);
        canvas.fill(Area { x: 1, y: 0, width: 1, height: 1 }, [9; 3]);
        let chunks = chunks(&encode(&canvas));
        let kinds: Vec<_> = chunks.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["IHDR", "PLTE", "IDAT", "IEND"]);
        assert_eq!(chunks[0].1, [0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
        assert_eq!(chunks[1].1, [1, 2, 3, 9, 9, 9]);
        assert_eq!(unpacked(&chunks[2].1), [0, 0, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn many_colours_are_written_out() {
        let mut canvas = Canvas::new(300, 1, [0; 3]);
        for x in 0..300 {
            let colour = [u8::try_from(x / 2).unwrap(), u8::try_from(x % 2).unwrap(), 7];
            canvas.fill(Area { x, y: 0, width: 1, height: 1 }, colour);
        }
        let chunks = chunks(&encode(&canvas));
        assert_eq!(chunks[0].1[9], TRUE_COLOUR);
        assert_eq!(unpacked(&chunks[1].1).len(), 1 + 900);
    }
}
