// Which models the bridge has: a list for a choice, the remembered one always among them.

function names(text) {
    var read, found = [];
    try {
        read = JSON.parse(text);
    } catch (error) {
        return found;
    }
    if (!read || !Array.isArray(read.models))
        return found;
    for (var i = 0; i < read.models.length; i++)
        if (read.models[i] && typeof read.models[i].name === "string")
            found.push(read.models[i].name);
    return found;
}

// -> [{value, label}]; without any answer the remembered model alone
function options(text, remembered) {
    var all = names(text), found = [];
    if (all.indexOf(remembered) < 0)
        all.push(remembered);
    for (var i = 0; i < all.length; i++)
        found.push({ value: all[i], label: all[i] });
    return found;
}

// Asks the bridge; known(text) is called only if it answers. A bridge that doesn't run yet is no reason to say anything.
function ask(newRequest, connection, known) {
    if (!connection)
        return;
    var x = newRequest();
    x.onreadystatechange = function () {
        if (x.readyState === 4 && x.status === 200)
            known(x.responseText);
    };
    x.open("GET", connection.base + "/v1/models");
    x.setRequestHeader("Authorization", "Bearer " + connection.token);
    x.send();
}

if (typeof module !== "undefined")
    module.exports = { options: options, ask: ask };
