-- The day at which the calendar of a demonstration stands; an office at work has none.
alter table installation add column demonstration_day date;
