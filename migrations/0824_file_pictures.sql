-- A file may show several pictures, as a scanned PDF does: they are known one by one. PDFs were known by their digest alone and are looked
-- at again.

create table file_picture (attachment_id uuid not null references file_print (attachment_id), picture bigint not null,
    primary key (attachment_id, picture));
insert into file_picture (attachment_id, picture) select attachment_id, picture from file_print where picture <> 0;
delete from file_print where picture = 0 and sketch = ''
    and attachment_id in (select id from attachment where lower(name) like '%.pdf');
alter table file_print drop column picture;
