# Two gateways, uxt-a and uxt-b, joined by a veth pair, 192.0.2.1 and 2001:db8::1 to 192.0.2.2 and 2001:db8::2; each
# has its inner networks on lo.
# Sourced by run.sh. Everything made here is removed by lab_down, processes by the ids noted at their start.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${UXFRM_BUILD:-$(cd "$here/../.." && pwd)/build}
work=$(mktemp -d /tmp/uxfrm-e2e.XXXXXX)
declare -A pid_of
psk=$(head -c 24 /dev/urandom | base64)

say() { printf '%s\n' "$*"; }

in_ns() { ip netns exec "uxt-$1" "${@:2}"; }

stop() { # NAME [SIGNAL]
    local pid=${pid_of[$1]:-}
    [ -n "$pid" ] || return 0
    kill -"${2:-TERM}" "$pid" 2>/dev/null
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null
    unset "pid_of[$1]"
}

lab_down() {
    local name
    for name in "${!pid_of[@]}"; do stop "$name"; done
    ip netns del uxt-a 2>/dev/null
    ip netns del uxt-b 2>/dev/null
    ip netns del uxt-r 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}

lab_up() {
    local end
    for end in a b; do
        ip netns add "uxt-$end" || return 1
        ip -n "uxt-$end" link set lo up
        mkdir -p "$work/$end"
    done
    ip -n uxt-a link add wan type veth peer name wan netns uxt-b
    ip -n uxt-a addr add 192.0.2.1/24 dev wan
    ip -n uxt-b addr add 192.0.2.2/24 dev wan
    ip -n uxt-a addr add 2001:db8::1/64 dev wan nodad
    ip -n uxt-b addr add 2001:db8::2/64 dev wan nodad
    for end in a b; do ip -n "uxt-$end" link set wan up; done
    local net
    for net in 1 2; do
        ip -n uxt-a addr add "10.1.$net.1/32" dev lo
        ip -n uxt-b addr add "10.2.$net.1/32" dev lo
        ip -n uxt-a addr add "fd01:$net::1/128" dev lo nodad
        ip -n uxt-b addr add "fd02:$net::1/128" dev lo nodad
    done
}

control() { # END REQUEST
    perl -MIO::Socket::UNIX -e 'my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "control: $!\n";
        print $s "$ARGV[1]\n"; $s->flush; print scalar <$s>' "$work/$1/control" "$2"
}

wait_for() { # SECONDS COMMAND...
    local deadline=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $deadline ] || return 1
        sleep 0.2
    done
}

# $uxfrm_options: for all ends.
start_uxfrm() { # END [OPTION...]
    local end=$1; shift
    ip netns exec "uxt-$end" "$build/uxfrm" --control "$work/$end/control" ${uxfrm_options:-} "$@" 2>>"$work/$end/uxfrm.log" &
    pid_of[uxfrm-$end]=$!
    wait_for 5 control "$end" '{"command":"ping"}'
}

# One TUN for each tunnel: vpnx-1 with if_id 11, vpnx-2 with if_id 12.
add_tuns() { # END
    local net remote=2
    [ "$1" = a ] || remote=1
    for net in 1 2; do
        control "$1" "{\"command\":\"tun-add\",\"name\":\"vpnx-$net\",\"if_id\":1$net,\"mtu\":1434}" >/dev/null
        ip -n "uxt-$1" link set "vpnx-$net" up
        local local_net=1
        [ "$1" = a ] || local_net=2
        ip -n "uxt-$1" route replace "10.$remote.$net.0/24" dev "vpnx-$net" src "10.$local_net.$net.1"
        ip -n "uxt-$1" -6 route replace "fd0$remote:$net::/64" dev "vpnx-$net" src "fd0$local_net:$net::1"
    done
}

write_strongswan_conf() { # END KERNEL-PLUGIN
    cat >"$work/$1/strongswan.conf" <<EOF
charon {
  load_modular = no
  load = random nonce x509 constraints pubkey pem openssl kdf gmp curve25519 drbg aes sha1 sha2 md5 hmac gcm vici $2 socket-default updown
  install_routes = no
  install_virtual_ip = no
  routing_table = ${routing_table:-0}
  routing_table_prio = 40000
  retransmit_tries = 3
  retransmit_timeout = 2
  plugins {
    vici {
      socket = unix://$work/$1/vici.sock
    }
    kernel-libipsec {
      allow_peer_ts = yes
    }
  }
  filelog {
    log {
      path = $work/$1/charon.log
      default = 1
      flush_line = yes
    }
  }
}
EOF
}

# Settings of children 1 and 2 in $child1, $child2, or $child1_b, $child2_b where b has its own; of the connection in $connection; outside, $encap and $outer_prefix.
write_swanctl_conf() { # END WITH-IF-ID
    local end=$1 me=1 peer=2 net
    [ "$end" = a ] || { me=2; peer=1; }
    {
        printf 'connections {\n'
        for net in 1 2; do
            local extra=child${net}_$end
            [ -n "${!extra:-}" ] || extra=child$net
            cat <<EOF
  t$net {
    version = 2
    local_addrs = ${outer_prefix:-192.0.2.}$me
    remote_addrs = ${outer_prefix:-192.0.2.}$peer
    encap = ${encap:-yes}
    proposals = aes128-sha256-x25519
    ${connection:-}
    local {
      auth = psk
      id = gw$me-$net
    }
    remote {
      auth = psk
      id = gw$peer-$net
    }
    children {
      t$net {
        local_ts = ${local_ts:-0.0.0.0/0,::/0}
        remote_ts = ${remote_ts:-0.0.0.0/0,::/0}
        ${2:+if_id_in = 1$net}
        ${2:+if_id_out = 1$net}
        ${!extra:-esp_proposals = aes128gcm16}
      }
    }
  }
EOF
        done
        printf '}\nsecrets {\n  ike {\n    secret = "%s"\n  }\n}\n' "$psk"
    } >"$work/$end/swanctl.conf"
}

swan() { # END ARGUMENT...
    swanctl "${@:2}" --uri "unix://$work/$1/vici.sock" 2>/dev/null
}

# A private /run each, for the pid file.
start_charon() { # END [SHIM]
    rm -f "$work/$1/vici.sock"
    ip netns exec "uxt-$1" unshare -m env STRONGSWAN_CONF="$work/$1/strongswan.conf" ${2:+LD_PRELOAD="$2"} \
        "$here/with-private-run.sh" /usr/lib/ipsec/charon >>"$work/$1/charon.out" 2>&1 &
    pid_of[charon-$1]=$!
    wait_for 10 test -S "$work/$1/vici.sock" && wait_for 5 swan "$1" --version
}

load() { swan "$1" --load-all --file "$work/$1/swanctl.conf"; }

ping_ok() { # END TARGET [OPTION...]
    in_ns "$1" ping -q -c 3 -i 0.2 -W 2 "${@:3}" "$2" >/dev/null
}

gbits() { # iperf3 -J output on stdin
    perl -MJSON::PP -e 'local $/; my $r = decode_json(<STDIN>); printf "%.2f\n", $r->{end}{sum_received}{bits_per_second} / 1e9'
}

iperf() { # STREAMS TARGET SOURCE
    in_ns b timeout 30 iperf3 -s -1 -B "$2" >/dev/null 2>&1 &
    local server=$!
    sleep 0.4
    in_ns a iperf3 -J -c "$2" -B "$3" -t "${IPERF_SECONDS:-3}" -P "$1" | gbits
    wait $server
}
