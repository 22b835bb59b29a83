/// Services and programs that keep a device from being let go.
enum UnitChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        [services(patient), holders(patient), libvirt(patient)].compactMap { $0 }
    }

    /// Which services hold devices while they run, and why that matters.
    private static let holding: [(unit: String, why: String)] = [
        ("nvidia-persistenced.service", "keeps every NVIDIA card open"),
        ("nvidia-dcgm.service", "watches every NVIDIA card"), ("dcgm.service", "watches every NVIDIA card"),
        ("dcgm-exporter.service", "watches every NVIDIA card"), ("display-manager.service", "uses a graphics card"),
        ("multipathd.service", "may open NVMe and HBA disks when they come back"),
        ("ModemManager.service", "opens serial ports of USB devices that come back"),
    ]

    private static func services(_ patient: Patient) -> DoctorCheck? {
        let active = holding.filter { patient.platform.units[$0.unit] == "active" && concerns($0.unit, patient) }
        guard !active.isEmpty else { return nil }
        return DoctorCheck(
            "holding-services", "Services that hold devices", .note,
            "Some services keep devices open: stop them before you lend such a device.",
            evidence: active.map { "\($0.unit) \($0.why)" },
            fix: active.map { "Stop it while the device is lent:  sudo systemctl stop \($0.unit)" })
    }

    /// A service is worth a word only where there is a device it could hold.
    private static func concerns(_ unit: String, _ patient: Patient) -> Bool {
        if unit.contains("nvidia") || unit.contains("dcgm") {
            return patient.endpoints.contains { $0.id.vendor == 0x10de && $0.deviceClass.base == 0x03 }
        }
        if unit == "display-manager.service" { return patient.endpoints.contains { $0.deviceClass.base == 0x03 } }
        return true
    }

    private static func holders(_ patient: Patient) -> DoctorCheck? {
        let all = patient.inventory.survey?.holders ?? [:]
        let lines = all.sorted { $0.key < $1.key }.flatMap { address, holders in
            holders.map { holder in
                "\(address.short): \(holder.node) open by \(holder.command) (\(holder.pid)"
                    + (holder.unit.map { ", \($0)" } ?? "") + ")"
            }
        }
        guard !lines.isEmpty else { return nil }
        return DoctorCheck(
            "holders", "Programs that hold devices", .note,
            "Programs have devices open; stop them before lending the device.",
            evidence: Patient.few(lines, 12))
    }

    private static func libvirt(_ patient: Patient) -> DoctorCheck? {
        let units = patient.platform.units
        let daemons = ["libvirtd.service", "virtqemud.service"].compactMap { units[$0] }
        guard !daemons.isEmpty, !daemons.contains("active"), !daemons.contains("installed") else { return nil }
        return DoctorCheck(
            "libvirt-daemon", "libvirt daemon", .note,
            "libvirt is installed; its daemon is not running now and is started by its socket when needed.")
    }
}
