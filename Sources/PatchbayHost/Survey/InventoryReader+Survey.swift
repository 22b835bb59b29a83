import PatchbayCore

extension InventoryReader {
    /// `observe()` and everything deep: details of functions, the platform, USB, mediated devices, who holds what.
    ///
    /// For once a boot, after a hotplug, on request, and for recorded trees: it costs several times what `observe()`
    /// does. Blocking like that, and throws the same.
    ///
    /// - Parameter programs: who may be asked for what no file tells; nil: the programs of this machine when it is what is
    ///   read, and none for a recorded tree.
    package func survey(programs: ProgramRunner? = nil) throws(Problem) -> Result {
        var result = try observe()
        let tree = try HostTree(root: root)
        let programs = programs ?? (tree.isLive ? .live() : .none)
        try ReadingTrouble.watch(root: root) { deepen(&result, tree, programs) }
        return result
    }

    private func deepen(_ result: inout Result, _ tree: HostTree, _ programs: ProgramRunner) {
        let functions = result.inventory.functions
        let mediated = MediatedReader(tree: tree, locked: locked)
        result.findings += DetailsReader(tree: tree, locked: locked).fill(&result.inventory)
        result.inventory.survey = HostSurvey(
            platform: PlatformReader(tree: tree, programs: programs, release: result.inventory.host.kernel).read(),
            mediatedParents: MediatedParent.adding(
                migStates(programs, functions), to: mediated.parents(among: functions)),
            mediatedDevices: mediated.devices(), holders: result.sights.holders(in: result.inventory))
        USBNames(for: result.inventory.usb, in: SysfsPath.usbNames).name(&result.inventory.usb)
        result.tellFindings(butFor: Set(result.inventory.detailFindings))
    }

    /// NVIDIA's tool is asked only where its driver has a card: it would load the driver otherwise.
    private func migStates(_ programs: ProgramRunner, _ functions: [PCIFunction]) -> [PCIAddress: MIGState] {
        guard locked.isEmpty, functions.contains(where: { $0.driver == "nvidia" }) else { return [:] }
        return MIGReader(programs: programs).states()
    }
}
