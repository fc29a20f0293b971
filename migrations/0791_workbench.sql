-- A team's workbench counts the letters and talks of its inspection by state and reads their nearest deadlines.
create index petition_inspection_state on petition (inspection_id, state, due_on, id);
create index talk_inspection_state on talk (inspection_id, state);
