# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# For scripts that take something of Debian's without changing what the machine
# knows of packages: to be sourced.

# private_apt <folder> <architecture>... -- <sources.list line>...
#
# Lets apt-get keep its state in <folder>, with these architectures and sources;
# MIRROR in a line is the mirror that the machine asks. Keys, proxy and checks of
# signatures are the machine's.
private_apt() {
  local folder=$1 architectures="" mirror codename
  shift
  while [[ $1 != -- ]]; do
    architectures+="\"$1\"; "
    shift
  done
  shift
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  folder=$(cd "$folder" && pwd)
  : > "$folder/status"
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' "Created-By: Packages" |
    awk -v codename="$codename" '$1 == codename && $2 == "main" { print $3; exit }')
  printf '%s\n' "${@//MIRROR/${mirror:-http://deb.debian.org/debian}}" > "$folder/sources.list"
  # apt drops to the user _apt, who may not write here.
  cat > "$folder/apt.conf" <<END
APT::Architecture "$(dpkg --print-architecture)";
APT::Architectures { $architectures};
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$folder";
Dir::State::lists "$folder/lists";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
END
  export APT_CONFIG=$folder/apt.conf
  apt-get update -qq
}
