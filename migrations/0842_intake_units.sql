-- Which unit of which inspection was named to intake hosts: a letter names the unit only, and a unit may have been taken
-- out of its inspection before the letter comes.
create table intake_unit (unit_id uuid primary key, inspection_id uuid not null, organisation_id uuid not null);
