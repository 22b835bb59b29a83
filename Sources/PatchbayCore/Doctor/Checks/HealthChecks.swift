/// Devices that do not answer, cannot be cleaned between guests, sleep too deep, or run below what they could.
enum HealthChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        [silent(patient), uncleanable(patient), asleep(patient), links(patient), errors(patient), large(patient)]
            .compactMap { $0 }
    }

    private static func silent(_ patient: Patient) -> DoctorCheck? {
        let silent = patient.endpoints.filter { $0.silence != nil }
        guard let first = silent.first else { return nil }
        return DoctorCheck(
            "silent-devices", "Silent devices", .warning,
            "\(silent.count == 1 ? "A device does" : "\(silent.count) devices do") not answer and cannot be lent.",
            evidence: Patient.few(silent.map { "\(Patient.line($0)): \($0.silence?.words ?? "")" }),
            fix: patient.inventory.waysOut(of: first.address) ?? [])
    }

    private static func uncleanable(_ patient: Patient) -> DoctorCheck? {
        let dirty = patient.candidates.filter { $0.resetMethods == [] && $0.deviceClass.base != 0x06 }
        guard !dirty.isEmpty else { return nil }
        return DoctorCheck(
            "no-reset", "Reset", .warning,
            "\(dirty.count == 1 ? "A device has" : "\(dirty.count) devices have") no reset method: the next guest "
                + "finds what the previous one left in it.", evidence: Patient.few(dirty.map(Patient.line)),
            fix: ["Lend such a device to one guest only, or reboot the host between guests."])
    }

    private static func asleep(_ patient: Patient) -> DoctorCheck? {
        let asleep = patient.candidates.filter { $0.details?.powerState == "D3cold" }
        guard !asleep.isEmpty else { return nil }
        return DoctorCheck(
            "deep-sleep", "Power", .warning,
            "\(asleep.count == 1 ? "A device sleeps" : "\(asleep.count) devices sleep") without power (D3cold): some cards do"
                + " not wake up for a guest.", evidence: Patient.few(asleep.map(Patient.line)),
            fix: asleep.prefix(4).map {
                "Prevent that:  echo 0 | sudo tee /sys/bus/pci/devices/\($0.address)/d3cold_allowed"
            })
    }

    private static func links(_ patient: Patient) -> DoctorCheck? {
        var seen: Set<PCIAddress> = []
        let narrow = patient.candidates.compactMap { function -> String? in
            // The link of the card is the one above its own switch.
            let port = function.details?.link?.bottleneck.flatMap { patient.inventory[$0.port] }
            for end in [function, port].compactMap({ $0 }) {
                guard case .width(let width, let most)? = end.details?.link?.shortfalls.first,
                    seen.insert(end.address).inserted
                else { continue }
                let place = end.address == function.address ? "" : ", above its switch at \(end.address.short)"
                return "\(Patient.line(function)): x\(width) where x\(most) is possible\(place)"
            }
            return nil
        }
        guard !narrow.isEmpty else { return nil }
        return DoctorCheck(
            "narrow-link", "PCI Express links", .warning,
            "\(narrow.count == 1 ? "A link runs" : "\(narrow.count) links run") with fewer lanes than both ends "
                + "support.",
            evidence: Patient.few(narrow),
            fix: [
                "Reseat the card, and check its riser and how the firmware divides the slot's lanes (bifurcation)."
            ])
    }

    private static func errors(_ patient: Patient) -> DoctorCheck? {
        let failing = patient.inventory.functions.compactMap { function -> String? in
            guard let errors = function.details?.errors, errors.nonfatal > 0 || errors.fatal > 0 else { return nil }
            return "\(Patient.line(function)): \(errors.nonfatal) not fatal, \(errors.fatal) fatal since boot"
        }
        guard !failing.isEmpty else { return nil }
        return DoctorCheck(
            "bus-errors", "Bus errors (AER)", .warning,
            "\(failing.count == 1 ? "A device has" : "\(failing.count) devices have") reported errors that could not be"
                + " corrected.", evidence: Patient.few(failing),
            fix: [
                "See the reports:  sudo dmesg | grep -i aer",
                "Reseat the card, or try it in another slot.",
            ])
    }

    /// Guests need firmware and an address width that can hold the BARs.
    private static func large(_ patient: Patient) -> DoctorCheck? {
        let limit: UInt64 = 1 << 32
        let large = patient.candidates.compactMap { function -> (PCIFunction, UInt64)? in
            let size = function.bars.filter { $0.kind == .memory64 }.reduce(UInt64(0)) { $0 &+ $1.size }
            return size >= limit ? (function, size) : nil
        }
        guard !large.isEmpty else { return nil }
        let total = large.reduce(UInt64(0)) { $0 &+ $1.1 }
        return DoctorCheck(
            "large-bars", "Large BARs", .note,
            "\(large.count == 1 ? "A device has" : "\(large.count) devices have") BARs of \(total >> 30) GiB in all: guests"
                + " that get them need UEFI firmware and a wide enough address space.",
            evidence: Patient.few(large.map { "\(Patient.line($0.0)): \($0.1 >> 30) GiB" }),
            fix: [
                "Give the guest the host's address width: cpu mode host-passthrough with maxphysaddr passthrough."
            ])
    }
}
