#!/bin/sh
# Becomes a program that sees nothing of the host's files but the system's libraries and programs, and that has nothing of
# root's power but the named capabilities. Runs in a mount namespace of its own, whose root it replaces.
# $1 capabilities, such as +net_admin   $2 directory that it shares with the host, or ""
# $3 its strongswan.conf(5), or ""   $4 library to preload, or ""   rest: argv
set -eu
capabilities=$1 shared=$2 configuration=$3 preload=$4
shift 4
# How long the kernel waits for an answer to "traffic wants this tunnel" before it asks again; charon cannot set it in there.
if [ -n "$configuration" ] && [ -w /proc/sys/net/core/xfrm_acq_expires ]; then
  echo 10 > /proc/sys/net/core/xfrm_acq_expires
fi
root=/run
# Whatever file system of the host's it is in, which may be one of its own below /usr.
preloaded=/preloaded.so
mount -t tmpfs -o mode=0755,size=256k,nosuid,nodev landbridge $root
program=$(command -v "$1")
shift
mkdir -p $root/program $root/usr $root/etc $root/dev $root/run $root/var $root/proc $root/host "$root$shared"
# Programs and libraries, as links into /usr or as directories of their own.
ln -s /run $root/var/run
links='' directories=/usr
for directory in /bin /sbin /lib /lib32 /lib64 /libx32; do
  if [ -L $directory ]; then
    links="$links $directory"
  elif [ -d $directory ]; then
    directories="$directories $directory"
    mkdir $root$directory
  fi
done
files=''
for file in etc/ld.so.cache etc/localtime etc/protocols etc/ssl/openssl.cnf; do
  if [ -e /$file ]; then files="$files $file"; fi
done
cp -P $links $root
if [ -n "$files" ]; then (cd / && cp -P --parents $files $root); fi
if [ -n "$configuration" ]; then cp "$configuration" $root/etc/strongswan.conf; fi
# Called by another path than the distribution's: AppArmor knows its programs by their paths, and lets them have the files of the distribution's
# own services alone.
own=/program/${program##*/}
: > $root$own
{
  printf '%s %s none bind,ro,nosuid,nodev 0 0\n' "$program" "$root$own"
  for directory in $directories; do printf '%s %s none bind,ro,nosuid,nodev 0 0\n' "$directory" "$root$directory"; done
  for device in /dev/null /dev/random /dev/urandom; do
    : > $root$device
    printf '%s %s none bind 0 0\n' "$device" "$root$device"
  done
  if [ -n "$shared" ]; then printf '%s %s none bind 0 0\n' "$shared" "$root$shared"; fi
  if [ -n "$preload" ]; then
    : > $root$preloaded
    printf '%s %s none bind,ro 0 0\n' "$preload" "$root$preloaded"
  fi
} > $root/etc/fstab
mount --all --fstab $root/etc/fstab
cd $root
pivot_root . host
cd /
# umount(8) looks into /proc.
mount -t proc proc /proc
umount -l /host /proc
rm -d /host /etc/fstab
if [ -n "$preload" ]; then
  LD_PRELOAD=$preloaded
  export LD_PRELOAD
fi
exec setpriv --no-new-privs --bounding-set="-all,$capabilities" --inh-caps=-all -- "$own" "$@"
