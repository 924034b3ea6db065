CREATE ROLE silta_mover LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
\password silta_mover
ALTER ROLE silta_mover REPLICATION BYPASSRLS INHERIT;
GRANT pg_monitor, pg_read_all_data, pg_write_all_data, pg_signal_backend, pg_create_subscription TO silta_mover WITH INHERIT TRUE;
GRANT CONNECT, CREATE ON DATABASE silta TO silta_mover;
