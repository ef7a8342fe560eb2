"""Put the plugin into MuseScore, see how it is, and take it out again.

- `system`, `places`: where MuseScore 3 and 4 keep plugins on Linux, macOS and Windows
- `source`, `copying`, `record`: the plugin's files, and what was written where
- `plugin_list`, `activation`: MuseScore 3's list of active plugins
- `processes`: what runs; `login_entry`, `autostart`: what starts when the user logs in
- `install`, `removal`: one folder; `everywhere`: all of them; `status`: how they are
- `screen` words what was done, `cli` offers it
"""
