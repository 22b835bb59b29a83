/// A setting of the host that makes groups mean less than they should.
package enum IsolationWeakness: Hashable, Sendable {
    /// Value of `pcie_acs_override=`: an out-of-tree patch then pretends that ports isolate.
    case acsOverride(String)
    /// In-tree parameters that take ACS bits away: `disable_acs_redir=…`, `config_acs=…`.
    case weakenedACS([String])
    case unsafeInterrupts
    case noIOMMU
    case interruptsNotRemapped

    /// The groups themselves are made smaller by it than the hardware can keep apart.
    var isAboutGroups: Bool {
        switch self {
        case .acsOverride, .weakenedACS: true
        case .unsafeInterrupts, .noIOMMU, .interruptsNotRemapped: false
        }
    }

    package var sentence: String {
        switch self {
        case .acsOverride(let value):
            "The kernel pretends that ports isolate (pcie_acs_override=\(value)): groups are smaller than "
                + "what the hardware isolates."
        case .weakenedACS(let values):
            "Kernel parameters turn off the isolation of ports (\(values.joined(separator: ", ")))."
        case .unsafeInterrupts:
            "vfio_iommu_type1 allows unsafe interrupts: a guest can send any interrupt to the host."
        case .noIOMMU: "vfio runs devices without an IOMMU (enable_unsafe_noiommu_mode): they can access all memory."
        case .interruptsNotRemapped: "Interrupts are not remapped: a guest can send any interrupt to the host."
        }
    }
}

extension Inventory {
    /// By what the survey found, or else by what the kernel was started with. nil: neither is known.
    package var isolationWeaknesses: [IsolationWeakness]? {
        let started = host.kernelCommandLine.map { IOMMUFacts(commandLine: $0) }
        guard let facts = survey?.platform.iommu ?? started else { return nil }
        let values = facts.weakenedACS.isEmpty ? started?.weakenedACS ?? [] : facts.weakenedACS
        var weaknesses: [IsolationWeakness] = []
        if let value = facts.acsOverride ?? started?.acsOverride { weaknesses.append(.acsOverride(value)) }
        if !values.isEmpty { weaknesses.append(.weakenedACS(values)) }
        if facts.allowsUnsafeInterrupts ?? started?.allowsUnsafeInterrupts ?? false {
            weaknesses.append(.unsafeInterrupts)
        }
        if facts.allowsNoIOMMU ?? started?.allowsNoIOMMU ?? false { weaknesses.append(.noIOMMU) }
        if facts.hasInterruptRemapping == false { weaknesses.append(.interruptsNotRemapped) }
        return weaknesses
    }
}

extension IOMMUFacts {
    /// What the kernel command line alone says about isolation; the rest stays unknown.
    ///
    /// Source: `Documentation/admin-guide/kernel-parameters.txt`. In module parameters `-` and `_` are the same.
    init(commandLine: String) {
        self.init()
        let parameters = commandLine.split(whereSeparator: \.isWhitespace).map { String($0) }
        allowsUnsafeInterrupts = ModuleBoolean.unsafeInterrupts.value(parameters: parameters)
        allowsNoIOMMU = ModuleBoolean.noIOMMU.value(parameters: parameters)
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard let name = parts.first else { continue }
            let value = parts.count == 2 ? parts[1] : ""
            switch String(name.map { $0 == "-" ? "_" : $0 }) {
            case "pcie_acs_override": acsOverride = String(value)
            case "pci": weakenedACS += Self.weakening(value)
            case "nointremap": hasInterruptRemapping = false
            case "intremap" where value.split(separator: ",").contains("off"): hasInterruptRemapping = false
            default: break
            }
        }
    }

    /// The options of `pci=` are separated by commas; those that take devices separate these by semicolons.
    private static func weakening(_ value: Substring) -> [String] {
        value.split(separator: ",").map { String($0) }
            .filter { $0.hasPrefix("disable_acs_redir=") || $0.hasPrefix("config_acs=") }
    }
}
