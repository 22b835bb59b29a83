/// Sources: proc_pid_fd(5), proc_pid_ns(5), proc_pid_mountinfo(5); `Documentation/admin-guide/devices.rst`.
extension SysfsPath {
    /// Relative to the directory of a process.
    static let mountNamespace = "ns/mnt"
    static let processNamespace = "ns/pid"
    static let ownMounts = "mountinfo"

    static let charactersByNumber = "sys/dev/char"
    /// Names of devices and buses that a network interface says it hangs on.
    static func busDevice(_ bus: String, _ device: String) -> String { "sys/bus/\(bus)/devices/\(device)" }

    static let vfioFunctionNodes = "/dev/vfio/devices/"
    static let usbNodes = "/dev/bus/usb/"

    /// Ours, in recorded trees: what `pb_networks` told, with the process or the name of each namespace in the place of its
    /// number; and what could not be seen, a line each: empty, when all was.
    static let recordedNetworks = "run/patchbay/networks"
    static let recordedGaps = "run/patchbay/unseen"

    /// Classes of character devices: what recordings take. A node in a folder of `/dev` is looked for in these by the last
    /// part of its path (`/dev/dri/card0` is `drm/card0`); in any other class that could be the name of something else. Some
    /// have the folder in the name: `tenstorrent!0`, `dvb0.frontend0`.
    static let nodeClasses = [
        "drm", "sound", "nvme", "nvme-generic", "uio", "infiniband_verbs", "infiniband_mad", "accel", "video4linux",
        "scsi_generic", "mei", "tty", "ve", "habanalabs", "watchdog", "virtio-ports", "input", "hidraw", "usbmisc",
        "graphics", "media", "dvb", "cec", "rc", "lirc", "i2c-dev", "bsg", "scsi_tape", "scsi_changer", "ptp", "pps",
        "rtc", "tpm", "tpmrm", "drm_dp_aux_dev", "vhost-vdpa", "wwan", "ipmi", "spidev", "dax", "mtd", "misc",
        "tenstorrent", "apex", "hailo_chardev", "dlb2", "dahdi", "hfi1_user", "xdma", "switchtec", "firewire", "ppdev",
        "xillybus",
    ]
}
