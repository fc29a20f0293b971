-- Which entries that the program brings have arrived here, so that a later version's come and what the office has
-- changed or taken out does not come again.
create table seed_entry (seed text not null, code text not null, primary key (seed, code));
