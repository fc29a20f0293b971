//! How often each text of a column occurs, exactly, for columns with millions of different ones.
//!
//! The general way of grouping keeps every group in the order in which it came and copies it out at the end; for a list of
//! the most frequent texts alone that is dear. Here texts are dealt out to shelves, each small enough to stay near the
//! processor while many texts are put on it at once, and nothing is copied but what is shown.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    hash::{BuildHasher as _, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use datafusion::{
    arrow::array::{Array as _, AsArray as _, StringArray},
    execution::{
        SendableRecordBatchStream,
        memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation},
    },
    prelude::DataFrame,
};
use foldhash::fast::RandomState;
use futures_util::StreamExt as _;
use tokio::task::JoinSet;

use crate::{Error, Result};

/// Shelves, and texts that wait for each before they are put there: so many that most of a shelf is asked for at once.
const SHELVES: usize = 256;
const WAITING: usize = 4_096;
/// Bytes of long texts that wait for a shelf, and what all waiting texts of one part of the rows take at most.
const WAITING_BYTES: usize = WAITING * size_of::<Short>();
const ALL_WAITING: usize = 2 * SHELVES * WAITING_BYTES;
/// What a text takes on its shelf beyond its letters, with room for growing.
const PLACE: usize = 64;

/// A text of at most fifteen bytes and their number; bytes of its own, so that a place on a shelf is no wider than it need be.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Short([u8; 16]);

impl Short {
    /// The text from `start` to `end` of `texts`, when it is short.
    fn of(texts: &[u8], start: usize, end: usize) -> Option<Self> {
        let length = end.checked_sub(start).filter(|length| *length < 16)?;
        let window = texts.get(start..start + 16).and_then(|window| <[u8; 16]>::try_from(window).ok());
        let window = window.or_else(|| Self::at_the_end(texts.get(start..end)?))?;
        let letters = u128::from_be_bytes(window) & !(u128::MAX >> (8 * length));
        Some(Self((letters | length as u128).to_be_bytes()))
    }

    /// With nothing behind the text that could be read along with it.
    fn at_the_end(text: &[u8]) -> Option<[u8; 16]> {
        let mut window = [0; 16];
        window.get_mut(..text.len())?.copy_from_slice(text);
        Some(window)
    }

    fn text(&self) -> &[u8] {
        let [letters @ .., length] = &self.0;
        letters.get(..usize::from(*length)).unwrap_or_default()
    }
}

impl Hash for Short {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(u128::from_ne_bytes(self.0));
    }
}

/// Some of the texts with their counts.
#[derive(Default)]
struct Shelf {
    short: HashMap<Short, u32, RandomState>,
    long: HashMap<Box<[u8]>, u32, RandomState>,
}

/// Texts that are to be put on one shelf.
#[derive(Default)]
struct Load {
    short: Vec<Short>,
    long: Vec<u8>,
    ends: Vec<usize>,
}

impl Load {
    fn is_full(&self) -> bool {
        self.short.len() + self.ends.len() >= WAITING || self.long.len() >= WAITING_BYTES
    }
}

impl Shelf {
    /// Puts texts on the shelf; how many bytes that took. None when a text occurs more often than can be counted.
    fn put(&mut self, load: &mut Load) -> Option<usize> {
        let held = self.short.len() + self.long.len();
        let mut letters = 0;
        for text in load.short.drain(..) {
            let count = self.short.entry(text).or_default();
            *count = count.checked_add(1)?;
        }
        let mut start = 0;
        for end in load.ends.drain(..) {
            let text = load.long.get(start..end).unwrap_or_default();
            start = end;
            if let Some(count) = self.long.get_mut(text) {
                *count = count.checked_add(1)?;
            } else {
                letters += text.len();
                self.long.insert(text.into(), 1);
            }
        }
        load.long.clear();
        Some((self.short.len() + self.long.len() - held) * PLACE + letters)
    }
}

/// All texts with their counts.
struct Shelves {
    all: Vec<Mutex<Shelf>>,
    missing: Mutex<u64>,
    numbers: RandomState,
    room: MemoryReservation,
}

/// How many rows hold a text, the most frequent first; equal counts by the text, nothing after all texts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
    count: Reverse<u64>,
    missing: bool,
    text: Box<[u8]>,
}

/// Counts the texts in the only column of `frame`. None when there are more different ones than `room` has place for.
///
/// # Errors
/// What the query cannot do, or a fault when the column holds no text.
pub(crate) async fn most_frequent(
    frame: DataFrame,
    room: &Arc<dyn MemoryPool>,
    most: usize,
) -> Result<Option<Vec<(Option<String>, u64)>>> {
    let shelves = Arc::new(Shelves::new(room));
    let mut counting = JoinSet::new();
    for stream in frame.execute_stream_partitioned().await? {
        counting.spawn(count(stream, Arc::clone(&shelves)));
    }
    while let Some(counted) = counting.join_next().await {
        if !counted.map_err(|error| Error::Fault(format!("计数中断：{error}")))?? {
            // Whoever counts in another way needs the room.
            counting.shutdown().await;
            return Ok(None);
        }
    }
    Ok(Some(shelves.most(most)))
}

/// Counts one part of the rows; false when there was no more room.
async fn count(mut stream: SendableRecordBatchStream, shelves: Arc<Shelves>) -> Result<bool> {
    if shelves.room.try_grow(ALL_WAITING).is_err() {
        return Ok(false);
    }
    let mut loads: Vec<Load> = std::iter::repeat_with(Load::default).take(SHELVES).collect();
    let mut missing = 0;
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        let texts = batch.columns().first().and_then(|column| column.as_string_opt::<i32>());
        let texts = texts.ok_or_else(|| Error::Fault(String::from("要计数的列不是文字")))?;
        if !shelves.add_all(texts, &mut loads) {
            return Ok(false);
        }
        missing += texts.null_count() as u64;
    }
    *shelves.missing.lock().unwrap_or_else(PoisonError::into_inner) += missing;
    Ok(loads.iter_mut().enumerate().all(|(place, load)| shelves.put(place, load)))
}

impl Shelves {
    fn new(room: &Arc<dyn MemoryPool>) -> Self {
        Self {
            all: std::iter::repeat_with(Mutex::default).take(SHELVES).collect(),
            missing: Mutex::default(),
            numbers: RandomState::default(),
            room: MemoryConsumer::new("frequencies").register(room),
        }
    }

    /// Counts all texts that are not missing; false when there is no more room.
    fn add_all(&self, texts: &StringArray, loads: &mut [Load]) -> bool {
        let (data, mut ends) = (texts.value_data(), texts.value_offsets().iter());
        let mut start = ends.next().copied().unwrap_or_default() as usize;
        ends.enumerate().all(|(at, end)| {
            let text = (std::mem::replace(&mut start, *end as usize), *end as usize);
            texts.is_null(at) || self.add(data, text, loads)
        })
    }

    /// Counts the text that stands from `start` to `end` of `texts`; false when there is no more room.
    fn add(&self, texts: &[u8], (start, end): (usize, usize), loads: &mut [Load]) -> bool {
        let (short, text) = (Short::of(texts, start, end), texts.get(start..end).unwrap_or_default());
        let number = short.map_or_else(|| self.numbers.hash_one(text), |short| self.numbers.hash_one(short));
        // The lowest and the highest digits are for the shelf itself.
        let place = (number >> 24) as u32 as usize % SHELVES;
        let Some(load) = loads.get_mut(place) else { return false };
        if let Some(short) = short {
            load.short.push(short);
        } else {
            load.long.extend_from_slice(text);
            load.ends.push(load.long.len());
        }
        !load.is_full() || self.put(place, load)
    }

    fn put(&self, place: usize, load: &mut Load) -> bool {
        let Some(shelf) = self.all.get(place) else { return false };
        let bytes = shelf.lock().unwrap_or_else(PoisonError::into_inner).put(load);
        bytes.is_some_and(|bytes| self.room.try_grow(bytes).is_ok())
    }

    fn most(&self, most: usize) -> Vec<(Option<String>, u64)> {
        // The least of those kept stands on top.
        let mut kept: BinaryHeap<Ranked> = BinaryHeap::new();
        let mut offer = |count: u64, missing: bool, text: &[u8]| {
            let full = kept.len() >= most;
            let least = kept.peek().map(|least| (least.count, least.missing, &*least.text));
            if full && least.is_none_or(|least| least <= (Reverse(count), missing, text)) {
                return;
            }
            if full {
                kept.pop();
            }
            kept.push(Ranked { count: Reverse(count), missing, text: text.into() });
        };
        let missing = *self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if missing > 0 {
            offer(missing, true, &[]);
        }
        for shelf in &self.all {
            let shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
            for (text, count) in &shelf.short {
                offer(u64::from(*count), false, text.text());
            }
            for (text, count) in &shelf.long {
                offer(u64::from(*count), false, text);
            }
        }
        let shown = |ranked: Ranked| {
            let text = String::from_utf8_lossy(&ranked.text).into_owned();
            ((!ranked.missing).then_some(text), ranked.count.0)
        };
        kept.into_sorted_vec().into_iter().map(shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use datafusion::{
        arrow::{
            array::{ArrayRef, RecordBatch},
            datatypes::SchemaRef,
        },
        datasource::MemTable,
        execution::memory_pool::GreedyMemoryPool,
        prelude::SessionContext,
    };
    use proptest::prelude::*;

    use super::*;

    type Found = Option<Vec<(Option<String>, u64)>>;

    fn counted(parts: &[Vec<Option<String>>], room: usize, most: usize) -> Found {
        let batch = |part: &Vec<Option<String>>| {
            let column: ArrayRef = Arc::new(part.iter().cloned().collect::<StringArray>());
            RecordBatch::try_from_iter_with_nullable([("held", column, true)]).unwrap()
        };
        let parts: Vec<Vec<RecordBatch>> = parts.iter().map(|part| vec![batch(part)]).collect();
        let schema: SchemaRef = batch(&Vec::new()).schema();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let context = SessionContext::new();
            let table = MemTable::try_new(schema, parts).unwrap();
            let frame = context.read_table(Arc::new(table)).unwrap();
            let room: Arc<dyn MemoryPool> = Arc::new(GreedyMemoryPool::new(room));
            most_frequent(frame, &room, most).await.unwrap()
        })
    }

    /// Counted one by one and sorted.
    fn by_hand(parts: &[Vec<Option<String>>], most: usize) -> Vec<(Option<String>, u64)> {
        let mut counts: BTreeMap<Option<String>, u64> = BTreeMap::new();
        for text in parts.iter().flatten() {
            *counts.entry(text.clone()).or_default() += 1;
        }
        let mut found: Vec<(Option<String>, u64)> = counts.into_iter().collect();
        found.sort_by_key(|(text, count)| (Reverse(*count), text.is_none(), text.clone()));
        found.truncate(most);
        found
    }

    proptest! {
        // Every case makes an engine of its own.
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Texts around the length at which they no longer fit into a number, with the sign that fills it up.
        #[test]
        fn counts_are_those_of_counting_by_hand(
            parts in prop::collection::vec(
                prop::collection::vec(prop::option::of("(标|é|\0|a{0,15}){0,3}"), 0..200), 1..4),
            most in 0_usize..12,
        ) {
            prop_assert_eq!(counted(&parts, 1 << 30, most), Some(by_hand(&parts, most)));
        }
    }

    #[test]
    fn with_more_texts_than_there_is_room_for_nothing_is_told() {
        let many = (0..200_000).map(|at: u32| Some(at.to_string()));
        // Some so often that not all can wait until the end.
        let often =
            ["甲", "澜江市宏远建设有限公司"].into_iter().flat_map(|name| vec![Some(name.to_owned()); 20_000]);
        let parts: [Vec<Option<String>>; 1] = [many.chain(often).collect()];
        assert_eq!(counted(&parts, ALL_WAITING + (1 << 20), 3), None);
        assert_eq!(counted(&parts, 1 << 30, 3), Some(by_hand(&parts, 3)));
    }
}
