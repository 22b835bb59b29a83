/// Devices that somebody else has set aside for guests: another tool, or settings that act at boot.
enum BindingChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        [foreign(patient), driverctl(patient)].compactMap { $0 }
    }

    private static func foreign(_ patient: Patient) -> DoctorCheck? {
        let set = patient.endpoints.filter { $0.isOnVFIO || $0.driverOverride.map(PCIFunction.isVFIO) == true }
        guard !set.isEmpty else { return nil }
        return DoctorCheck(
            "set-aside", "Devices on a VFIO driver", .note,
            "\(set.count == 1 ? "A device is" : "\(set.count) devices are") on a VFIO driver, or will be: bound by "
                + "Patchbay, or by another program, whose devices Patchbay does not touch.",
            evidence: Patient.few(
                set.map { function in
                    "\(Patient.line(function)): \(function.driver ?? "no driver")"
                        + (function.driverOverride.map { ", driver_override \($0)" } ?? "")
                }))
    }

    private static func driverctl(_ patient: Patient) -> DoctorCheck? {
        let names = patient.platform.units.filter { $0.key.hasPrefix("driverctl@") && $0.value == "configured" }.keys
            .sorted()
        guard !names.isEmpty else { return nil }
        let addresses = names.map { String($0.dropFirst("driverctl@".count).dropLast(".service".count)) }
        return DoctorCheck(
            "driverctl", "driverctl", .warning,
            "driverctl sets drivers at boot by address only: after cards are changed it binds whatever is there.",
            evidence: addresses.map { "/etc/driverctl.d/\($0)" },
            fix: addresses.prefix(4).map { name in
                "Give it back:  sudo driverctl unset-override \(name.hasPrefix("pci-") ? String(name.dropFirst(4)) : name)"
            })
    }
}
