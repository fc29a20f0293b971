-- The office of a district is asked with every session which inspections its district has.

create index inspection_district on inspection (district_id);
