// Which models the bridge has, and which styles a model knows: lists for a choice, what is remembered always in them.

function listed(text) {
    var read;
    try {
        read = JSON.parse(text);
    } catch (error) {
        return [];
    }
    if (!read || !Array.isArray(read.models))
        return [];
    return read.models.filter(function (model) {
        return model && typeof model.name === "string";
    });
}

function withRemembered(all, remembered) {
    return all.indexOf(remembered) < 0 ? all.concat([remembered]) : all;
}

function choices(all) {
    return all.map(function (value) {
        return { value: value, label: value };
    });
}

// -> [{value, label}]; without any answer the remembered model alone
function options(text, remembered) {
    var all = [];
    listed(text).forEach(function (model) {
        all.push(model.name);
    });
    return choices(withRemembered(all, remembered));
}

// -> [{value, label}], the first of which says nothing of the style; an older bridge doesn't tell any
function styles(text, model, remembered) {
    var all = [];
    listed(text).forEach(function (each) {
        if (each.name === model && Array.isArray(each.styles))
            all = each.styles.filter(isStyle);
    });
    return [{ value: "", label: "any" }].concat(choices(remembered === "" ? all : withRemembered(all, remembered)));
}

function isStyle(value) {
    return typeof value === "string" && value.length > 0;
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
    module.exports = { options: options, styles: styles, ask: ask };
