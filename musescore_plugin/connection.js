// Where the bridge listens and what proves who asks: connection.json, which `jaxmuse plugin install` writes beside
// the plugin, for its owner alone.

// "file:///home/a%20b/c.json" -> "/home/a b/c.json"; "file:///C:/x" -> "C:/x"
function localPath(url) {
    var text = String(url);
    if (text.indexOf("file:") !== 0)
        return text;
    text = decodeURIComponent(text.replace(/^file:\/\//, ""));
    return /^\/[A-Za-z]:\//.test(text) ? text.slice(1) : text;
}

function isText(value) {
    return typeof value === "string" && value.length > 0;
}

function words(value) {
    if (!Array.isArray(value) || value.length === 0)
        return [];
    for (var i = 0; i < value.length; i++)
        if (!isText(value[i]))
            return [];
    return value;
}

// -> {base, token, start: words of the command that starts the bridge, say: what a person types}, null if damaged
function parse(text) {
    var read;
    try {
        read = JSON.parse(text);
    } catch (error) {
        return null;
    }
    if (read === null || typeof read !== "object" || read.version !== 1 || !isText(read.token))
        return null;
    if (read.host !== "127.0.0.1" || !(read.port > 0 && read.port < 65536))
        return null;
    return {
        base: "http://127.0.0.1:" + Math.floor(read.port),
        token: read.token,
        start: words(read.start),
        say: isText(read.say) ? read.say : "jaxmuse serve"
    };
}

// Words as one line for QProcess.start(), which splits at blanks outside of quotes; three quotes are one quote.
function commandLine(start) {
    var quoted = [];
    for (var i = 0; i < start.length; i++)
        quoted.push('"' + start[i].replace(/"/g, '"""') + '"');
    return quoted.join(" ");
}

if (typeof module !== "undefined")
    module.exports = { localPath: localPath, parse: parse, commandLine: commandLine };
