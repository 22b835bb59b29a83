/// What can be lent now, and what the host needs.
enum DeviceChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        guard !patient.inventory.functions.isEmpty else {
            return [
                DoctorCheck(
                    "devices", "Devices", .failure, "No PCI device was found.",
                    fix: [NextStep("Read a host with a PCI bus, as root", .examine(asRoot: true))])
            ]
        }
        return [devices(patient), needed(patient), StoredDataChecks.examine(patient)].compactMap { $0 }
    }

    private static func devices(_ patient: Patient) -> DoctorCheck {
        let total = patient.endpoints.count
        let kept = patient.unlendable.map { "\($0.count) \($0.why)" }
        guard !patient.lendable.isEmpty else {
            return DoctorCheck(
                "devices", "Devices", .note, "None of the \(total) devices can be lent now.", evidence: kept,
                fix: patient.isSupported ? [NextStep("See the reason for each", .listDevices())] : [])
        }
        return DoctorCheck(
            "devices", "Devices", .pass, "\(patient.lendable.count) of \(total) devices can be lent now.",
            evidence: Patient.few(patient.lendable.map(Patient.line)) + kept)
    }

    /// The host's own, with the reason, so that nobody has to ask.
    private static func needed(_ patient: Patient) -> DoctorCheck? {
        let inventory = patient.inventory
        var lines: [String] = []
        var open: [String] = []
        for function in patient.endpoints {
            guard let use = inventory.mostSevereUse(of: function.address) else { continue }
            switch use.severity {
            case .critical where use.reason != .chipset && use.reason != .bridge:
                lines.append("\(function.address.short) \(use.sentence)")
            case .inUse: lines.append("\(function.address.short) \(use.sentence)")
            case .unknown: open.append("\(function.address.short) \(use.sentence)")
            case .critical, .dataAtRisk: continue
            }
        }
        guard !lines.isEmpty || !open.isEmpty else { return nil }
        let used =
            lines.isEmpty
            ? ""
            : "Besides parts of the board, the host uses \(lines.count) \(lines.count == 1 ? "device" : "devices")."
        let uncertain =
            switch open.count {
            case 0: ""
            case 1: "For 1 device it could not be determined whether the host uses it, so it is not lent."
            default:
                "For \(open.count) devices it could not be determined whether the host uses them, so they are not lent."
            }
        return DoctorCheck(
            "host-needs", "The host's own", open.isEmpty ? .note : .unknown,
            [used, uncertain].filter { !$0.isEmpty }.joined(separator: " "),
            evidence: Patient.few(open) + Patient.few(lines, 12))
    }
}
