"""Put the plugin into MuseScore, see how it is, and take it out again.

- `system`, `places`, `settings`: where MuseScore 3 and 4 keep plugins on Linux, macOS and Windows
- `source`, `copying`, `record`: the plugin's files, and what was written where
- `plugin_list`, `activation`: MuseScore 3's list of active plugins
- `musescore_processes`, `autostart`: what runs, and what starts with the computer
- `install`, `removal`, `status`: the three things a user asks for; `screen` words them, `cli` offers them
"""
