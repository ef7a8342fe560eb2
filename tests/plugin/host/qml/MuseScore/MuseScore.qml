import QtQuick
import StandIn 1.0

// The root type of a plugin, as MuseScore 4 offers it. What it does is the fake host's doing (fake/score.js).
PluginRoot {
    property string menuPath
    property string title
    property string version
    property string description
    property string pluginType
    property string dockArea
    property string thumbnailName
    property string categoryCode
    property bool requiresScore: true

    readonly property int division: standIn.host.division
    readonly property int mscoreMajorVersion: standIn.host.mscoreMajorVersion
    readonly property int mscoreMinorVersion: standIn.host.mscoreMinorVersion
    readonly property int mscoreUpdateVersion: standIn.host.mscoreUpdateVersion
    readonly property int mscoreVersion: 10000 * mscoreMajorVersion + 100 * mscoreMinorVersion + mscoreUpdateVersion
    readonly property var curScore: standIn.host.curScore
    readonly property var scores: []

    signal run()
    signal closeRequested()
    signal scoreStateChanged(var state)

    function cmd(name) { standIn.host.cmd(name); }
    function fraction(numerator, denominator) { return standIn.host.fraction(numerator, denominator); }
    function newElement(type) { return standIn.host.newElement(type); }
    function removeElement(element) { standIn.host.removeElement(element); }
    function writeScore(score, name, extension) { return standIn.host.writeScore(score, name, extension); }
    function readScore(name, noninteractive) { return standIn.host.readScore(name, noninteractive); }
    function closeScore(score) { standIn.host.closeScore(score); }
    function log(text) { console.log(text); }
    function quit() { standIn.quit(); }
}
