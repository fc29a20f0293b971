-- What was done after its day: of measures not done on a day of the past only these are done now.
create index measure_late on measure (term_kind, closed_on, due_on, inspection_id) where closed_on > due_on;
-- Closings that were taken back, of which there are few.
create index closure_reopened on closure (reopened_on, closed_on, problem_id) where reopened_on is not null;
