//! Images of frozen records: what comes back, and what is refused.

use super::records::{Flight, Place, flights};
use pennyweight::record::{Frozen, FrozenError, Record, Records};
use pennyweight_baseline::image::aligned;

fn as_bytes(words: &[u64]) -> &[u8] {
    bytemuck::cast_slice(words)
}

#[test]
fn they_are_the_same_records_in_place_and_as_a_copy() {
    for count in [0, 1, 1200] {
        let frozen = flights(count).freeze();
        let bytes = frozen.to_bytes();
        let copy: Frozen<Flight> = Frozen::from_bytes(&bytes).unwrap();
        copy.check_invariants();
        assert_eq!(copy.to_bytes(), bytes);
        assert_eq!(copy.heap_bytes(), frozen.heap_bytes());
        let words = aligned(&bytes);
        let open: Frozen<Flight, &[u64]> = Frozen::open(as_bytes(&words)).unwrap();
        open.check_invariants();
        assert_eq!((open.len(), open.heap_bytes()), (count as usize, 0));
        assert!(open.thaw().iter().zip(&flights(count)).all(|(a, b)| a == b));
        assert_eq!(open.to_bytes(), bytes);
    }
}

#[cfg(feature = "std")]
#[test]
fn they_are_read_one_after_the_other() {
    let mut file = Vec::new();
    let (few, many) = (flights(3).freeze(), flights(40).freeze());
    few.write_to(&mut file).unwrap();
    many.write_to(&mut file).unwrap();
    let mut reader = &file[..];
    assert_eq!(Frozen::<Flight>::read_from(&mut reader).unwrap().len(), 3);
    assert_eq!(Frozen::<Flight>::read_from(&mut reader).unwrap().len(), 40);
    assert!(reader.is_empty());
    let cut = Frozen::<Flight>::read_from(&file[..100]).unwrap_err();
    assert_eq!(cut.kind(), std::io::ErrorKind::UnexpectedEof);
    let other = Frozen::<Place>::read_from(&file[..]).unwrap_err();
    assert_eq!(other.kind(), std::io::ErrorKind::InvalidData);
}

#[test]
fn a_byte_more_or_less_or_another_one_is_refused() {
    let bytes = flights(20).freeze().to_bytes();
    assert!((0..bytes.len()).all(|end| Frozen::<Flight>::from_bytes(&bytes[..end]).is_err()));
    let mut changed = bytes.clone();
    for at in 0..bytes.len() {
        changed[at] ^= 1 << (at % 8);
        assert!(Frozen::<Flight>::from_bytes(&changed).is_err(), "byte {at}");
        changed[at] = bytes[at];
    }
    changed.extend([0; 8]);
    assert!(Frozen::<Flight>::from_bytes(&changed).is_err());
}

/// An image with its checksum put right, so that it is the validation of the columns that decides.
fn with_checksum(mut words: Vec<u64>) -> Vec<u64> {
    let magic = u64::from_le_bytes(*b"\x89PENNY\r\n");
    let mix =
        |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let rest = words[..3].iter().chain(&words[4..]);
    words[3] = rest.fold(magic, |sum, &word| mix(sum, word));
    words
}

#[test]
fn what_is_forged_is_refused_or_holds_its_invariants() {
    let image = aligned(&flights(70).freeze().to_bytes());
    let mut refused = 0;
    for at in 4..image.len() {
        for change in [1, 0x80, 1 << 16, 1 << 33, 1 << 63, u64::MAX] {
            let mut words = image.clone();
            words[at] ^= change;
            let words = with_checksum(words);
            match Frozen::<Flight, &[u64]>::open(as_bytes(&words)) {
                Ok(open) => {
                    open.check_invariants();
                    assert_eq!(open.thaw().len(), open.len());
                    assert_eq!(open.to_bytes(), as_bytes(&words));
                }
                Err(error) => {
                    refused += 1;
                    assert_eq!(Frozen::<Flight>::from_bytes(as_bytes(&words)).unwrap_err(), error);
                }
            }
        }
    }
    assert!(refused > image.len());
}

#[test]
fn a_code_of_no_string_is_refused_by_the_name_of_its_column() {
    #[derive(Record)]
    struct Origin {
        #[record(dict)]
        origin: String,
    }
    // Three strings take codes of two bits, of which one is left.
    let origins = ["EWR", "LGA", "EWR", "JFK"];
    let records: Records<Origin> =
        origins.into_iter().map(|origin| Origin { origin: origin.to_owned() }).collect();
    let image = aligned(&records.freeze().to_bytes());
    let codes = 0b01_00_10_00;
    let at = image.iter().position(|&word| word == codes).unwrap();
    let mut forged = image.clone();
    forged[at] |= 0b11;
    let error = Frozen::<Origin>::from_bytes(as_bytes(&with_checksum(forged))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `origin`: the image is invalid: a code is that of no string"
    );
}

#[test]
fn the_first_column_that_differs_is_named() {
    macro_rules! open {
        ($bytes:expr; $($field:ident: $ty:ty),*) => {{
            #[derive(Record)]
            struct Other {
                $($field: $ty),*
            }
            Frozen::<Other>::from_bytes($bytes).map(|frozen| frozen.len()).map_err(|error| error.to_string())
        }};
    }
    let frozen =
        [1, 2, 3].map(|x| Place { x, y: None }).into_iter().collect::<Records<_>>().freeze();
    let bytes = &frozen.to_bytes();
    assert_eq!(open!(bytes; x: i32, y: Option<f64>), Ok(3));
    let differs = |number: usize, image: &str, record: &str| {
        Err(format!("column {number} of the image is {image}, and that of the record is {record}"))
    };
    assert_eq!(open!(bytes; x: i64, y: Option<f64>), differs(0, "`x: i32`", "`x: i64`"));
    assert_eq!(open!(bytes; x: i32, y: f64), differs(1, "`y: Option<f64>`", "`y: f64`"));
    assert_eq!(open!(bytes; y: Option<f64>, x: i32), differs(0, "`x: i32`", "`y: Option<f64>`"));
    assert_eq!(open!(bytes; x: i32), differs(1, "`y: Option<f64>`", "missing"));
    assert_eq!(open!(bytes; x: i32, y: Option<f64>, z: u8), differs(2, "missing", "`z: u8`"));
    let nested = flights(2).freeze().to_bytes();
    let error = Frozen::<Place>::from_bytes(&nested).unwrap_err();
    let columns = (Some("x: i32".to_owned()), Some("day: i8".to_owned()));
    assert_eq!(error, FrozenError::Columns { index: 0, expected: columns.0, found: columns.1 });
    let array = pennyweight::array::BitArray::from([true]).to_bytes();
    let error = Frozen::<Place>::from_bytes(&array).unwrap_err();
    assert_eq!(error.to_string(), "the image is of BitArray, not of frozen Records");
}

#[test]
fn more_rows_than_an_image_of_its_size_can_have_are_refused() {
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Sensor {
        #[record(packed)]
        level: i32,
    }
    let image = |rows: u64| {
        let sensors: Records<Sensor> = (0..8).map(|_| Sensor { level: 7 }).collect();
        let mut words = aligned(&sensors.freeze().to_bytes());
        // The rows of the record, and of its column.
        let mut changed = 0;
        for word in words[4..].iter_mut().filter(|word| u64::from_le(**word) == 8) {
            *word = rows.to_le();
            changed += 1;
        }
        assert!(changed >= 2, "{changed}");
        with_checksum(words)
    };
    let open = |rows| Frozen::<Sensor>::from_bytes(as_bytes(&image(rows)));
    assert_eq!(open(1 << 30).unwrap().len(), 1 << 30);
    for rows in [1 << 33, 1 << 40, 1 << 60, (1 << 63) - 1] {
        let error = open(rows).unwrap_err();
        assert!(error.to_string().contains("more rows than its bytes"), "{error}");
    }
}
