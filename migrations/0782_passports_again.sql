-- A lead that was returned is handed over again, completed: each time with a passport of its own.
drop index lead_passport_transfer;
create index lead_passport_transfer on lead_passport (transfer_id, issued_at);
