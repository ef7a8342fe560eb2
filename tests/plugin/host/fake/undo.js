// Commands and the undo log: everything between startCmd and endCmd is one step, endCmd(true) takes it back, an edit
// outside a command or a command in a command is a misuse (MuseScore 4 wraps nothing and may crash).

function UndoLog(music) {
  this.music = music;
  this.undone = [];
  this.done = [];
  this.log = [];
  this.before = null;
}

function copyOf(music) {
  var tuplets = [], copies = [], notes = [], twins = [];
  var tracks = music.tracks.map(function (items) {
    return items.map(function (item) {
      var copy = {};
      for (var key in item)
        copy[key] = item[key];
      if (item.tuplet) {
        if (tuplets.indexOf(item.tuplet) < 0) {
          var twin = {};
          for (var name in item.tuplet)
            twin[name] = item.tuplet[name];
          tuplets.push(item.tuplet);
          copies.push(twin);
        }
        copy.tuplet = copies[tuplets.indexOf(item.tuplet)];
      }
      copy.notes = item.notes && item.notes.map(function (note) {
        var other = { pitch: note.pitch, tpc1: note.tpc1, tpc2: note.tpc2, next: note.next, previous: note.previous };
        notes.push(note);
        twins.push(other);
        return other;
      });
      return copy;
    });
  });
  twins.forEach(function (note) {
    note.next = note.next ? twins[notes.indexOf(note.next)] : null;
    note.previous = note.previous ? twins[notes.indexOf(note.previous)] : null;
  });
  return { tracks: tracks, measures: music.measures.slice() };
}

UndoLog.prototype.restore = function (copy) {
  this.music.tracks.forEach(function (items) {
    items.forEach(function (item) {
      item.gone = true;
      if (item.tuplet)
        item.tuplet.gone = true;
    });
  });
  this.music.tracks = copy.tracks;
  this.music.measures = copy.measures;
  this.music.tracks.forEach(function (items) {
    items.forEach(function (item) {
      item.gone = false;
      if (item.tuplet)
        item.tuplet.gone = false;
    });
  });
  this.music.edits++;
};

UndoLog.prototype.start = function (name) {
  if (this.music.open)
    misuse("a command inside a command");
  this.music.open = true;
  this.before = copyOf(this.music);
  this.editsBefore = this.music.edits;
  this.log.push("start" + (name ? " " + name : ""));
};

UndoLog.prototype.finish = function (rollback) {
  if (!this.music.open)
    misuse("endCmd without startCmd");
  this.music.open = false;
  if (rollback)
    this.restore(this.before);
  else if (this.music.edits !== this.editsBefore) {
    this.done.push(this.before);
    this.undone = [];
  }
  this.before = null;
  this.log.push(rollback ? "rollback" : "commit");
};

UndoLog.prototype.step = function (from, to, word) {
  if (this.music.open)
    misuse(word + " while a command is open");
  this.log.push(word);
  if (!from.length)
    return;
  to.push(copyOf(this.music));
  this.restore(from.pop());
};

UndoLog.prototype.undo = function () {
  this.step(this.done, this.undone, "undo");
};

UndoLog.prototype.redo = function () {
  this.step(this.undone, this.done, "redo");
};
