-- Everything Warbell knows. Times are RFC 3339 in UTC with six digits of a second; Discord's ids
-- are INTEGER. What people typed lies in `timeline_body` and, as the present state, in `incident`;
-- no other table keeps it.

-- A Discord server and its settings.
CREATE TABLE server (
    guild_id          INTEGER PRIMARY KEY,
    last_public       INTEGER NOT NULL DEFAULT 0 CHECK (last_public >= 0),
    last_private      INTEGER NOT NULL DEFAULT 0 CHECK (last_private >= 0),
    zone              TEXT    NOT NULL DEFAULT 'UTC',
    responders_role   INTEGER,
    communications_role INTEGER,
    security_role     INTEGER
) STRICT;

-- Who is called when an incident is declared at, or escalated to, a severity.
CREATE TABLE paged_at (
    guild_id  INTEGER NOT NULL REFERENCES server (guild_id),
    severity  TEXT    NOT NULL CHECK (severity IN ('critical', 'major', 'minor')),
    target    TEXT    NOT NULL CHECK (target IN ('user', 'role')),
    target_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, severity, target, target_id)
) STRICT, WITHOUT ROWID;

-- A person's own settings, and the name they were last seen under.
CREATE TABLE person (
    user_id INTEGER PRIMARY KEY,
    name    TEXT,
    zone    TEXT
) STRICT;

-- The present state of each incident: the fold of its timeline. The other columns are read from it.
CREATE TABLE incident (
    incident_id INTEGER PRIMARY KEY,
    guild_id    INTEGER NOT NULL REFERENCES server (guild_id),
    state       TEXT    NOT NULL CHECK (json_valid(state)),
    length      INTEGER NOT NULL CHECK (length >= 1),
    head        BLOB    NOT NULL CHECK (length(head) = 32),
    id          TEXT    GENERATED ALWAYS AS (state ->> '$.id') STORED NOT NULL,
    former_id   TEXT    GENERATED ALWAYS AS (state ->> '$.former_id') STORED,
    severity    TEXT    GENERATED ALWAYS AS (state ->> '$.severity') STORED NOT NULL
                CHECK (severity IN ('critical', 'major', 'minor')),
    kind        TEXT    GENERATED ALWAYS AS (state ->> '$.kind') STORED NOT NULL
                CHECK (kind IN ('technical', 'security', 'operational', 'customer_service')),
    status      TEXT    GENERATED ALWAYS AS (state ->> '$.status.name') STORED NOT NULL
                CHECK (status IN ('investigating', 'identified', 'monitoring', 'resolved', 'closed',
                                  'cancelled', 'merged')),
    UNIQUE (guild_id, id)
) STRICT;
CREATE INDEX incident_by_status ON incident (guild_id, status);

-- The timeline: append-only, each row chained to the one before by `hash`.
CREATE TABLE timeline (
    incident_id INTEGER NOT NULL REFERENCES incident (incident_id) DEFERRABLE INITIALLY DEFERRED,
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    version     INTEGER NOT NULL CHECK (version = 1),
    kind        TEXT    NOT NULL CHECK (kind IN (
                    'declared', 'escalated', 'downgraded', 'paged', 'page_repeated',
                    'page_acknowledged', 'invited', 'status_changed', 'resolved', 'reopened',
                    'cancelled', 'closed', 'merged', 'merged_here', 'role_assigned',
                    'handoff_offered', 'handoff_accepted', 'note_added', 'message_captured',
                    'mitigation_recorded', 'impact_described', 'details_edited', 'made_private',
                    'milestone_set', 'update_drafted', 'update_edited', 'update_approved',
                    'update_published', 'update_discarded', 'update_returned', 'update_reminded',
                    'action_added', 'action_done', 'review_generated', 'review_edited',
                    'review_published', 'channel_replaced', 'page_lapsed', 'reminder_lapsed',
                    'echoes_lapsed')),
    occurred_at TEXT    NOT NULL,
    recorded_at TEXT    NOT NULL,
    actor       TEXT    NOT NULL CHECK (json_valid(actor)),
    facts       TEXT    NOT NULL CHECK (json_valid(facts)),
    body_hash   BLOB    NOT NULL CHECK (length(body_hash) = 32),
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX timeline_by_time ON timeline (incident_id, occurred_at, seq);
CREATE TRIGGER timeline_is_append_only_update BEFORE UPDATE ON timeline
BEGIN SELECT raise(ABORT, 'the timeline is append-only'); END;
CREATE TRIGGER timeline_is_append_only_delete BEFORE DELETE ON timeline
BEGIN SELECT raise(ABORT, 'the timeline is append-only'); END;

-- What was typed with an event. A redaction blanks salt and body; the row's hash still stands.
CREATE TABLE timeline_body (
    incident_id INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    salt        BLOB,
    body        TEXT    CHECK (body IS NULL OR json_valid(body)),
    PRIMARY KEY (incident_id, seq),
    FOREIGN KEY (incident_id, seq) REFERENCES timeline (incident_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER timeline_body_is_kept BEFORE DELETE ON timeline_body
BEGIN SELECT raise(ABORT, 'the timeline is append-only'); END;
CREATE TRIGGER timeline_body_is_only_blanked BEFORE UPDATE ON timeline_body
WHEN new.body IS NOT NULL OR new.salt IS NOT NULL
     OR new.incident_id <> old.incident_id OR new.seq <> old.seq
BEGIN SELECT raise(ABORT, 'a body can only be blanked'); END;

-- Messages that were captured, each once.
CREATE TABLE capture (
    message_id  INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    FOREIGN KEY (incident_id, seq) REFERENCES timeline (incident_id, seq)
) STRICT;

-- Interactions that changed something, so that a repeat finds the first answer. The token is the
-- right to answer; it is nulled once no answer is to come.
CREATE TABLE interaction (
    interaction_id INTEGER PRIMARY KEY,
    guild_id       INTEGER NOT NULL,
    user_id        INTEGER NOT NULL,
    verb           TEXT    NOT NULL,
    incident_id    INTEGER NOT NULL REFERENCES incident (incident_id),
    first_seq      INTEGER NOT NULL,
    last_seq       INTEGER NOT NULL,
    input_salt     BLOB    NOT NULL,
    input_hash     BLOB    NOT NULL,
    received_at    TEXT    NOT NULL,
    answer         TEXT    NOT NULL CHECK (answer IN ('unconfirmed', 'confirmed')),
    application_id INTEGER NOT NULL,
    token          TEXT
) STRICT;
CREATE INDEX interaction_unconfirmed ON interaction (user_id, received_at) WHERE answer = 'unconfirmed';
CREATE INDEX interaction_answerable ON interaction (received_at) WHERE token IS NOT NULL;

-- A declaration whose severity could not be read waits here for a press of a button.
CREATE TABLE held_form (
    form_id    INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    typed      TEXT    NOT NULL CHECK (json_valid(typed)),
    expires_at TEXT    NOT NULL
) STRICT;

-- What stands at Discord and must show the present state. `wanted` counts the changes, `shown` is
-- the count that stands there. `again_at`: sent once more then, as an older edit of unknown outcome
-- may have overtaken a newer one. `lagging_since`: Discord has refused edits of the old message
-- from then on. `attempt_at`: the first attempt whose outcome may still be unknown.
CREATE TABLE view (
    view_id     INTEGER PRIMARY KEY,
    guild_id    INTEGER NOT NULL REFERENCES server (guild_id),
    incident_id INTEGER REFERENCES incident (incident_id) DEFERRABLE INITIALLY DEFERRED,
    name        TEXT    NOT NULL CHECK (name IN ('category', 'incidents', 'updates', 'channel',
                                                 'card', 'digest', 'draft', 'page', 'answer')),
    ref         INTEGER NOT NULL DEFAULT 0,
    wanted      INTEGER NOT NULL DEFAULT 1,
    shown       INTEGER NOT NULL DEFAULT 0,
    shown_hash  BLOB,
    target_id   INTEGER,
    channel_id  INTEGER,
    marker      TEXT    NOT NULL,
    attempt_at  TEXT,
    unknown     INTEGER NOT NULL DEFAULT 0 CHECK (unknown IN (0, 1)),
    tries       INTEGER NOT NULL DEFAULT 0,
    retry_at    TEXT,
    again_at    TEXT,
    lagging_since TEXT,
    parked      TEXT,
    gone        INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX view_of_incident ON view (incident_id, name, ref) WHERE incident_id IS NOT NULL;
CREATE UNIQUE INDEX view_of_server ON view (guild_id, name, ref) WHERE incident_id IS NULL;
CREATE INDEX view_due ON view (guild_id)
    WHERE (wanted > shown OR again_at IS NOT NULL) AND parked IS NULL AND gone = 0;
CREATE INDEX view_by_target ON view (target_id);
CREATE INDEX view_by_channel ON view (channel_id) WHERE channel_id IS NOT NULL;

-- What is to be said once or done until done. `what` names events and numbers, never texts.
CREATE TABLE effect (
    effect_id   INTEGER PRIMARY KEY,
    guild_id    INTEGER NOT NULL REFERENCES server (guild_id),
    incident_id INTEGER NOT NULL REFERENCES incident (incident_id) DEFERRABLE INITIALLY DEFERRED,
    what        TEXT    NOT NULL CHECK (json_valid(what)),
    created_at  TEXT    NOT NULL,
    not_after   TEXT,
    state       TEXT    NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'done', 'lapsed', 'parked')),
    nonce       TEXT    NOT NULL,
    attempt_at  TEXT,
    unknown     INTEGER NOT NULL DEFAULT 0 CHECK (unknown IN (0, 1)),
    tries       INTEGER NOT NULL DEFAULT 0,
    retry_at    TEXT,
    parked      TEXT,
    channel_id  INTEGER,
    message_id  INTEGER
) STRICT;
CREATE INDEX effect_waiting ON effect (effect_id) WHERE state = 'waiting';

-- What is to happen later; rewritten with its incident.
CREATE TABLE due (
    incident_id INTEGER NOT NULL REFERENCES incident (incident_id) DEFERRABLE INITIALLY DEFERRED,
    what        TEXT    NOT NULL CHECK (what IN ('repeat_page', 'remind_update')),
    ref         INTEGER NOT NULL DEFAULT 0,
    at          TEXT    NOT NULL,
    PRIMARY KEY (incident_id, what, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_by_time ON due (at);
