// Steps through a reply's alternatives in the score: at most one of them stands there, as one undo step. It is taken
// back by undoing, but only after checking that nothing was edited since, and what the undo reverted is checked too.
//
// tools: {write(index, done), undo(), redo(), mark() -> text that changes with the score, later(callback)}
// All steps end in done({ok: true, shown: index or -1}) or done({ok: false, sentence, shown}).

var NONE = -1;
var MOST_LOOKS = 20;  // an undo may take effect a moment later

var EDITED = "The score was edited since. Undo those edits first, or keep what is there.";
var NOT_UNDONE = "The score didn't undo. Click into it and press Ctrl+Z there.";
var OTHER_UNDONE = "The last edit wasn't this alternative: it was redone. Press Ctrl+Z in the score as often as you need.";

function stepper(tools) {
    var shown = NONE, before = tools.mark(), after = null, busy = false;

    function finish(done, sentence) {
        busy = false;
        done(sentence === null ? { ok: true, shown: shown } : { ok: false, sentence: sentence, shown: shown });
    }

    // Whoever pressed Ctrl+Z in the score has taken the alternative back already.
    function notice() {
        if (shown !== NONE && tools.mark() === before)
            shown = NONE;
    }

    function writeOne(index, done) {
        if (tools.mark() !== before) {
            finish(done, EDITED);
            return;
        }
        tools.write(index, function (result) {
            if (result.ok) {
                shown = index;
                after = tools.mark();
            }
            finish(done, result.ok ? null : result.sentence);
        });
    }

    function whenUndone(looks, next) {
        var now = tools.mark();
        if (now === after && looks > 0) {
            tools.later(function () { whenUndone(looks - 1, next); });
            return;
        }
        if (now === before) {
            shown = NONE;
            next(null);
            return;
        }
        if (now !== after)
            tools.redo();
        next(now === after ? NOT_UNDONE : OTHER_UNDONE);
    }

    function takeBack(next) {
        if (shown === NONE) {
            next(null);
            return;
        }
        if (tools.mark() !== after) {
            next(EDITED);
            return;
        }
        tools.undo();
        whenUndone(MOST_LOOKS, next);
    }

    function begin() {
        if (busy)
            return false;
        busy = true;
        notice();
        return true;
    }

    return {
        shown: function () {
            return shown;
        },
        show: function (index, done) {
            if (!begin())
                return;
            if (index === shown) {
                finish(done, null);
                return;
            }
            takeBack(function (sentence) {
                if (sentence === null)
                    writeOne(index, done);
                else
                    finish(done, sentence);
            });
        },
        putBack: function (done) {
            if (!begin())
                return;
            takeBack(function (sentence) {
                finish(done, sentence);
            });
        }
    };
}

if (typeof module !== "undefined")
    module.exports = { stepper: stepper };
