#!/bin/sh
# Becomes a program that sees nothing of the host's files but the system's libraries and programs, and that has nothing of
# root's power but the named capabilities. Runs in a mount namespace of its own, whose root it replaces.
# $1 capabilities, such as +net_admin   $2 user   $3 directory that it shares with the host, or ""
# $4 its strongswan.conf(5), or ""   $5 library to preload, or ""   rest: argv
set -eu
capabilities=$1 user=$2 shared=$3 configuration=$4 preload=$5
shift 5
# How long the kernel waits for an answer to "traffic wants this tunnel" before it asks again; charon cannot set it in there.
if [ -n "$configuration" ] && [ -w /proc/sys/net/core/xfrm_acq_expires ]; then
  echo 10 > /proc/sys/net/core/xfrm_acq_expires
fi
root=/run
mount -t tmpfs -o mode=0755,size=256k,nosuid,nodev landbridge $root
mkdir -p $root/usr $root/etc/ssl $root/dev $root/run $root/var $root/proc $root/host
ln -s /run $root/var/run
: > $root/dev/null > $root/dev/random > $root/dev/urandom
mount --bind -o ro,nosuid,nodev /usr $root/usr
for directory in bin sbin lib lib32 lib64 libx32; do
  if [ -L /$directory ]; then
    cp -P /$directory $root/$directory
  elif [ -d /$directory ]; then
    mkdir $root/$directory
    mount --bind -o ro,nosuid,nodev /$directory $root/$directory
  fi
done
for device in null random urandom; do mount --bind /dev/$device $root/dev/$device; done
for file in ld.so.cache localtime ssl/openssl.cnf; do
  if [ -e /etc/$file ]; then cp -P /etc/$file $root/etc/$file; fi
done
if [ -n "$configuration" ]; then cp "$configuration" $root/etc/strongswan.conf; fi
if [ -n "$shared" ]; then
  mkdir -p "$root$shared"
  mount --bind "$shared" "$root$shared"
fi
if [ -n "$preload" ]; then
  mkdir -p "$root${preload%/*}"
  : > "$root$preload"
  mount --bind -o ro "$preload" "$root$preload"
fi
cd $root
pivot_root . host
cd /
# umount(8) looks into /proc.
mount -t proc proc /proc
umount -l /host /proc
rmdir /host
if [ -n "$preload" ]; then
  LD_PRELOAD=$preload
  export LD_PRELOAD
fi
if [ "$user" != root ]; then
  exec setpriv --no-new-privs --reuid="$user" --regid="$user" --clear-groups --bounding-set="-all,$capabilities" \
    --inh-caps="-all,$capabilities" --ambient-caps="-all,$capabilities" -- "$@"
fi
exec setpriv --no-new-privs --bounding-set="-all,$capabilities" --inh-caps=-all -- "$@"
