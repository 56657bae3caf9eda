# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Packages of Debian that this machine does not have: of another release, of another architecture, or their sources. Sourced.

# debian_lists DIR deb|deb-src SUITE [ARCHITECTURE]: gives apt lists of its own in the new folder DIR, and fetches them; the machine's stay as they are. From then
# on $APT_CONFIG has apt-get use those, of that architecture. What it says is in DIR/log. Checked by the keys that Debian's own package has.
debian_lists()
{
	rm -rf "$1"
	mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial" "$1/etc/sources.list.d" "$1/etc/preferences.d" "$1/etc/apt.conf.d" "$1/etc/trusted.gpg.d"
	: >"$1/status"
	mirror=$(env -u APT_CONFIG apt-get indextargets --format "\$(REPO_URI)" 2>/dev/null | grep -m 1 '/debian/*$') || mirror=http://deb.debian.org/debian
	echo "$2 [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $3 main" >"$1/etc/sources.list"
	cat >"$1/conf" <<-END
		Dir::State "$1/state";
		Dir::State::status "$1/status";
		Dir::Cache "$1/cache";
		Dir::Etc "$1/etc";
		${4:+APT::Architecture "$4";}
		${4:+APT::Architectures { "$4"; };}
		APT::Install-Recommends "false";
		APT::Sandbox::User "";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::http::Timeout "20";
	END
	export APT_CONFIG="$1/conf"
	apt-get -q update --error-on=any >"$1/log" 2>&1
}

# debian_why DIR: why something could not be fetched, in one line
debian_why()
{
	grep '^[EW]:' "$1/log" | tail -n 1 | cut -c 1-200
}
