/// The state of the systemd units that matter to devices and guests, without asking systemd: an active service has a
/// control group.
struct UnitsReader {
    let tree: HostTree

    static let names = [
        "libvirtd.service", "virtqemud.service", "virtlogd.service", "libvirt-guests.service",
        "nvidia-persistenced.service", "nvidia-fabricmanager.service", "nvidia-vgpud.service",
        "nvidia-vgpu-mgr.service", "nvidia-dcgm.service", "dcgm.service", "dcgm-exporter.service",
        "multipathd.service", "ModemManager.service", "display-manager.service", "irqbalance.service",
        "tuned.service", "openvswitch-switch.service", "ovs-vswitchd.service", "NetworkManager.service",
        "systemd-networkd.service",
    ]

    /// What `display-manager.service` is a link to.
    static let displayManagers = [
        "gdm.service", "gdm3.service", "sddm.service", "lightdm.service", "lxdm.service", "greetd.service",
        "ly.service",
        "xdm.service",
    ]

    /// `active`, `inactive` (installed, and not running), or `installed` where the tree shows no control groups.
    /// `configured` is what driverctl has put down for the next boot.
    func read() -> [String: String] {
        let groups = SysfsPath.unitGroups.first { tree.exists($0) }
        var states: [String: String] = [:]
        for name in Self.names {
            guard let file = unitFile(name) else {
                if let groups, tree.exists("\(groups)/\(name)") { states[name] = "active" }
                continue
            }
            guard let groups else {
                states[name] = "installed"
                continue
            }
            let isActive = [name, file].contains { tree.exists("\(groups)/\($0)") }
            states[name] = isActive ? "active" : "inactive"
        }
        for name in tree.names(SysfsPath.driverctl) ?? [] { states["driverctl@\(name).service"] = "configured" }
        return states
    }

    /// The name of the unit that a unit file stands for: `display-manager.service` is a link to `gdm.service`.
    /// nil: there is no such file.
    private func unitFile(_ name: String) -> String? {
        for folder in SysfsPath.unitFiles {
            let path = "\(folder)/\(name)"
            if let link = tree.link(path) { return link.lastComponent }
            if tree.exists(path) { return name }
        }
        return nil
    }
}
