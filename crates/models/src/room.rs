//! Memory for queries: whoever comes has what it asks for while half of the room is free; what is left then is dealt out
//! fairly, and whoever wants more than its share spills.
//!
//! Fair shares from the beginning make a query spill beside dozens of others that need nearly nothing.

use std::fmt;

use datafusion::{
    common::Result,
    execution::memory_pool::{FairSpillPool, MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation},
};

/// The room for all queries of an engine.
#[derive(Debug)]
pub(crate) struct Room {
    fair: FairSpillPool,
    free: usize,
}

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { fair: FairSpillPool::new(bytes), free: bytes / 2 }
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.fair, f)
    }
}

impl MemoryPool for Room {
    fn name(&self) -> &'static str {
        "room"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.fair.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.fair.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.fair.grow(reservation, additional);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.fair.shrink(reservation, shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        if self.reserved().saturating_add(additional) <= self.free {
            self.fair.grow(reservation, additional);
            return Ok(());
        }
        self.fair.try_grow(reservation, additional)
    }

    fn reserved(&self) -> usize {
        self.fair.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        self.fair.memory_limit()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn half_of_the_room_is_for_whoever_asks_and_the_rest_is_dealt_out_fairly() {
        let room: Arc<dyn MemoryPool> = Arc::new(Room::new(1_000));
        let spiller = |name: &str| MemoryConsumer::new(name).with_can_spill(true).register(&room);
        let (large, _idle, _idle_too, late) = (spiller("a"), spiller("b"), spiller("c"), spiller("d"));
        large.try_grow(500).unwrap();
        assert!(large.try_grow(1).is_err());
        late.try_grow(250).unwrap();
        assert!(late.try_grow(1).is_err());
        large.shrink(500);
        late.try_grow(250).unwrap();
    }
}
