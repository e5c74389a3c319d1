-- A pass can be had anew after it ran out: while a handoff has moved, its pass and the brief that was handed over change
-- beside a clearance alone, as the move itself does.
DROP TRIGGER handoffs_move_cleared;

CREATE TRIGGER handoffs_move_cleared BEFORE UPDATE ON handoffs
WHEN NEW.status IN ('transferred', 'accepted')
     AND (OLD.status NOT IN ('transferred', 'accepted') OR NEW.pass IS NOT OLD.pass OR NEW.digest IS NOT OLD.digest)
BEGIN
    SELECT RAISE(ABORT, 'not cleared by the gate')
    WHERE NOT EXISTS (
        SELECT 1 FROM clearances c
        WHERE c.workspace = NEW.workspace AND c.handoff = NEW.id AND c.version = OLD.version AND c.digest = NEW.digest
          AND c.pass = NEW.pass
          -- What was handed over is judged anew with another clock; the verdict it was stored with is that of the move.
          AND (c.break_glass IS NOT NULL OR OLD.status IN ('transferred', 'accepted') OR (
              NEW.verdict = 'complete' AND NEW.read_batches = NEW.batches
              AND NOT EXISTS (SELECT 1 FROM json_each(NEW.gaps) g WHERE json_extract(g.value, '$.blocking') = 1)
          )));
END;
