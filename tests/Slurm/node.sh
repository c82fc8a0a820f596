#!/usr/bin/env bash
# A real Slurm with one node, this machine: munged, slurmctld and slurmd in a private folder, without systemd, cgroups and a database.
#
#   node.sh install     installs Debian's packages, where that is possible; else prints why not and ends with 1
#   node.sh start DIR   starts the three daemons; DIR/slurm.conf is then the value of SLURM_CONF
#   node.sh lose DIR    ends slurmd and all that it started, as a loss of power does
#   node.sh back DIR    starts slurmd again
#   node.sh stop DIR    ends what start began
set -euo pipefail
at=${2:-}
conf=$at/slurm.conf
export SLURM_CONF=$conf

fail() { echo "$1"; exit 1; }
alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2> /dev/null; }
until_true() { for _ in $(seq "$1"); do if "${@:2}"; then return; fi; sleep 0.1; done; fail "not within $(($1 / 10)) s: ${*:2}"; }
is_idle() { [ "$(sinfo -h -o %T 2> /dev/null)" = idle ]; }

install() {
    [ "$(id -u)" = 0 ] || fail "Only root starts the daemons of Slurm."
    if command -v slurmctld slurmd sbatch munged > /dev/null; then return; fi
    command -v apt-get > /dev/null || fail "Slurm is not installed, and there is no apt-get."
    export DEBIAN_FRONTEND=noninteractive
    local packages="slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge" log
    log=$(mktemp)
    if ! timeout 150 bash -c "apt-get -q update && apt-get -q install -y --no-install-recommends $packages" > "$log" 2>&1; then
        fail "Slurm cannot be installed: $(tail -n 1 "$log")"
    fi
}

configure() {
    local host
    host=$(hostname -s)
    cat > "$conf" << CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16917
SlurmdPort=16918
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# cred_expire is also how long a job that is queued again waits.
AuthInfo=socket=$at/munge/socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
SlurmctldTimeout=10
SlurmdTimeout=10
InactiveLimit=0
KillWait=2
MinJobAge=600
CompleteWait=0
ReturnToService=2
AccountingStorageType=accounting_storage/none
StateSaveLocation=$at/state
SlurmdSpoolDir=$at/spool
SlurmctldPidFile=$at/slurmctld.pid
SlurmdPidFile=$at/slurmd.pid
SlurmctldLogFile=$at/slurmctld.log
SlurmdLogFile=$at/slurmd.log
MaxJobCount=5000
# More than there are, for tasks that only sleep.
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=${NODE_CPUS:-$(nproc)} RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF
}

back() {
    slurmd -f "$conf"
    until_true 100 alive "$at/slurmd.pid"
}

start() {
    mkdir -p "$at/munge" "$at/state" "$at/spool"
    chmod 755 "$at" "$at/munge"
    (umask 077; head -c 1024 /dev/urandom > "$at/munge/key")
    configure
    munged --key-file="$at/munge/key" --socket="$at/munge/socket" --pid-file="$at/munge/pid" \
        --log-file="$at/munge/log" --seed-file="$at/munge/seed" --force 2> /dev/null
    slurmctld -f "$conf"
    until_true 100 alive "$at/slurmctld.pid"
    back
    until_true 150 is_idle
}

# Every process that slurmd started is below it or below a slurmstepd, which outlives it.
tree() { local child; echo "$1"; for child in $(pgrep -P "$1"); do tree "$child"; done; }

# Another Slurm of this machine has its files elsewhere.
is_ours() { readlink "/proc/$1/fd/"* 2> /dev/null | grep -q "^$at/"; }

lose() {
    local steps
    steps=$(for step in $(pgrep -f "^slurmstepd: "); do if is_ours "$step"; then echo "$step"; fi; done)
    # shellcheck disable=SC2046
    kill -9 $(cat "$at/slurmd.pid") $(for step in $steps; do tree "$step"; done)
    rm -f "$at/slurmd.pid"
}

stop() {
    timeout 10 scancel -u root 2> /dev/null || true
    local file process
    for file in "$at/slurmd.pid" "$at/slurmctld.pid" "$at/munge/pid"; do
        [ -s "$file" ] || continue
        process=$(cat "$file")
        kill "$process" 2> /dev/null || true
        for _ in $(seq 50); do kill -0 "$process" 2> /dev/null || break; sleep 0.1; done
        kill -9 "$process" 2> /dev/null || true
        rm -f "$file"
    done
}

case ${1:-} in
    install | start | lose | back | stop) "$1" ;;
    *) echo "usage: $0 install | (start | lose | back | stop) DIR"; exit 2 ;;
esac
