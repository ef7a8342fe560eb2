.pragma library
// The one status window: whatever a MuseScore shows of an earlier run goes away when the next one begins.

var leaveLast = null;

// `leave()` takes this run's window away; it is called at most once.
function take(leave) {
    var last = leaveLast;
    leaveLast = leave;
    if (!last)
        return;
    try {
        last();
    } catch (error) {
        return;  // its plugin is gone already
    }
}

function forget(leave) {
    if (leaveLast === leave)
        leaveLast = null;
}
