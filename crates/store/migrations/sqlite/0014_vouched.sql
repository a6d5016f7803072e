-- A key of the keyring vouches for every session and every link from here on, so that one which somebody puts here lets nobody
-- in. Nothing vouches for those of the layout before: everybody signs in once more, and links are made anew.
DELETE FROM sessions;
DELETE FROM one_time_tokens;

-- An HMAC over the row. Of a session it is over everything but last_seen_at, which is written all the time and lets nobody in.
-- There is no row without one: the default is refused.
ALTER TABLE sessions ADD COLUMN seal BLOB NOT NULL DEFAULT x'' CHECK (length(seal) = 32);
ALTER TABLE one_time_tokens ADD COLUMN seal BLOB NOT NULL DEFAULT x'' CHECK (length(seal) = 32);
