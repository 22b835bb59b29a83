import PatchbayCore

/// What is needed by being what it is: bridges, the chipset, management, the firmware's picture, memory encryption,
/// memory on cards, engines that the kernel works with.
struct BoardUses {
    let tree: HostTree

    func add(to ledger: inout UseLedger) {
        let framebuffers = BootFramebuffer.all(in: tree)
        let hasEncryption = ["1", "Y"].contains(tree.line(SysfsPath.memoryEncryption))
        let chipset = ChipsetPart(of: ledger.inventory)
        for function in ledger.functions {
            let place = DevicePlace(functions: [function.address])
            if function.isBridge {
                ledger.add(.bridge, .critical, [], at: place)
            } else if let name = ManagementController.name(of: function) {
                ledger.add(.management, .critical, [name], at: place)
            } else if let name = chipset.name(of: function) {
                ledger.add(.chipset, .critical, [name], at: place)
            } else if hasEncryption, Self.isSecurityProcessor(function) {
                ledger.add(.chipset, .critical, ["memory encryption of guests (SEV)"], at: place)
            }
            let picture = framebuffers.first { $0.lies(in: function) }?.name
            if function.isBootDisplay == true || picture != nil {
                ledger.add(.bootDisplay, .critical, [picture ?? "firmware console"], at: place)
            }
        }
        AcceleratorUses(tree: tree).add(to: &ledger)
        MemoryUses(tree: tree).add(to: &ledger)
    }

    /// AMD's PSP, which the `ccp` driver drives, keeps the keys of encrypted guests.
    private static func isSecurityProcessor(_ function: PCIFunction) -> Bool {
        function.deviceClass.baseAndSub == 0x1080 && function.id.vendor == 0x1022 && function.driver == "ccp"
    }

    /// Physical functions whose virtual ones are needed: they would vanish. Comes after everything else.
    func addParents(to ledger: inout UseLedger) {
        for function in ledger.functions {
            guard case .virtual(let parent, _) = function.role, ledger.inventory[parent] != nil else { continue }
            let uses = (ledger.uses[function.address] ?? []).filter { $0.severity >= .unknown }
            let worst = uses.max { $0.severity < $1.severity }
            if let use = worst, use.severity > .unknown || !function.isOnVFIO {
                // Of thousands of which nobody can tell one says enough.
                if use.severity == .unknown, (ledger.severity(of: parent) ?? .dataAtRisk) >= .unknown { continue }
                let chain = use.chain + [parent.description]
                ledger.add(HostUse(.virtualFunctions, use.severity, chain: chain), to: parent)
            } else if function.isOnVFIO {
                let chain = [function.driver ?? "", function.address.description, parent.description]
                ledger.add(HostUse(.virtualFunctions, .inUse, chain: chain), to: parent)
            }
        }
    }
}
