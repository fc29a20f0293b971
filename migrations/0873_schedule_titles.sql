-- What a recurring job is called, for the list; the program enters it at every start.

alter table job_schedule add column title text not null default '';
