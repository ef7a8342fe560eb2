// What the bridge is asked: `FillRequest` of its protocol.

// The whole score as MusicXML text, "" if it can't be had. `file` is a FileIO; what it is written to is removed again.
function musicxml(host, file, path) {
    var text = "";
    file.source = path;
    try {
        if (host.writeScore(host.curScore, path, "musicxml"))
            text = String(file.read()).replace(/[\s\u0000]+$/, "");
    } finally {
        file.remove();
    }
    return text.indexOf("<score-partwise") >= 0 ? text : "";
}

// `score`: {musicxml} or {walk}; `selected`: of readSelection; `options`, `client`: as the protocol has them
function build(score, selected, mode, options, client) {
    var request = {
        selection: { start: selected.start, stop: selected.stop, staves: selected.staves, mode: mode },
        options: options,
        client: client
    };
    if (score.musicxml)
        request.musicxml = score.musicxml;
    else
        request.walk = score.walk;
    return request;
}

if (typeof module !== "undefined")
    module.exports = { musicxml: musicxml, build: build };
