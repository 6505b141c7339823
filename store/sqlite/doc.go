// Package sqlite keeps the case files of a home in one SQLite file,
// arasha.db, by modernc.org/sqlite, which needs no C.
//
//	arasha.db           the database, mode 0600, with -wal and -shm while it is in use
//	db.lock             held by the one process that writes; says which, and since when
//	backups/            what [Open] puts aside before it changes the form of the database
//
// The journal is a write-ahead log with synchronous(FULL): what Write
// confirmed survives a power cut, and readers never wait for the writer.
// Deleted content is overwritten (secure_delete), and a database from a
// stranger cannot call functions of ours (trusted_schema off).
package sqlite
