// Whether a reply is one that can be written: nothing of it is trusted before.

function isCount(value, most) {
    return typeof value === "number" && value >= 0 && value <= most && Math.floor(value) === value;
}

function ascending(staves, count) {
    if (!Array.isArray(staves) || staves.length === 0)
        return false;
    for (var i = 0; i < staves.length; i++)
        if (!isCount(staves[i], count - 1) || (i > 0 && staves[i] <= staves[i - 1]))
            return false;
    return true;
}

// A host that can't read a score asks the user what to do: it isn't given what isn't one.
function isMusicXml(text) {
    return typeof text === "string" && text.indexOf("<score-partwise") >= 0 && text.indexOf("<note") >= 0
        && /<\/score-partwise>\s*$/.test(text);
}

function areVoices(voices, staves) {
    if (!Array.isArray(voices))
        return false;
    for (var i = 0; i < voices.length; i++)
        if (!voices[i] || staves.indexOf(voices[i].staff) < 0 || !isCount(voices[i].voice - 1, 3))
            return false;
    return true;
}

function isAlternative(found, staves, fragment) {
    return !!found && typeof found === "object" && areVoices(found.voices, staves) && isCount(found.note_count, 1e6)
        && (!fragment || isMusicXml(found.fragment));
}

// `score`: {nmeasures, nstaves}; `fragment`: whether MusicXML to paste has to be there
function isReply(found, score, fragment) {
    if (!found || typeof found !== "object" || found.version !== 1 || typeof found.summary !== "string")
        return false;
    if (!isCount(found.stop, 1e6) || !isCount(found.start, found.stop - 1) || !isCount(found.append, found.stop - found.start))
        return false;
    if (found.append > 0 ? found.stop - found.append !== score.nmeasures : found.stop > score.nmeasures)
        return false;
    if (!ascending(found.staves, score.nstaves) || !Array.isArray(found.notices))
        return false;
    if (!Array.isArray(found.alternatives) || found.alternatives.length === 0)
        return false;
    for (var i = 0; i < found.alternatives.length; i++)
        if (!isAlternative(found.alternatives[i], found.staves, fragment))
            return false;
    return true;
}

if (typeof module !== "undefined")
    module.exports = { isReply: isReply };
