import PatchbayCore

extension InventoryReader {
    /// `observe()` and everything deep: details of functions, the platform, USB, mediated devices, who holds what.
    ///
    /// For once a boot, after a hotplug, on request, and for recorded trees: it costs several times what `observe()`
    /// does. Blocking like that, and throws the same.
    ///
    /// What no file tells is left out: `askPrograms` adds it.
    package func survey() throws(Problem) -> Result {
        var result = try observe()
        let tree = try HostTree(root: root)
        try ReadingTrouble.watch(root: root) { deepen(&result, tree) }
        return result
    }

    private func deepen(_ result: inout Result, _ tree: HostTree) {
        let functions = result.inventory.functions
        let mediated = MediatedReader(tree: tree, locked: locked)
        result.findings += DetailsReader(tree: tree, locked: locked).fill(&result.inventory)
        result.inventory.survey = HostSurvey(
            platform: PlatformReader(tree: tree, release: result.inventory.host.kernel).read(),
            mediatedParents: mediated.parents(among: functions),
            mediatedDevices: mediated.devices(), holders: result.sights.holders(in: result.inventory))
        USBNames(for: result.inventory.usb, in: SysfsPath.usbNames).name(&result.inventory.usb)
        result.tellFindings(butFor: Set(result.inventory.detailFindings))
    }

    /// The survey, completed by what the programs of this machine say when it is what is read.
    package func surveyWithPrograms() async throws(Problem) -> Result {
        var result = try survey()
        await askPrograms(about: &result.inventory)
        return result
    }

    /// Adds to a survey what no file tells.
    ///
    /// - Parameter programs: who may be asked; nil: the programs of this machine when it is what is read, and none for a
    ///   recorded tree.
    package func askPrograms(_ programs: ProgramRunner? = nil, about inventory: inout Inventory) async {
        guard var survey = inventory.survey, let programs = programs ?? (readsThisMachine ? .live() : nil) else {
            return
        }
        await survey.platform.software.complete(by: programs)
        // NVIDIA's tool is asked only where its driver has a card: it would load the driver otherwise.
        if locked.isEmpty, inventory.functions.contains(where: { $0.driver == "nvidia" }) {
            let states = await MIGReader(programs: programs).states()
            survey.mediatedParents = MediatedParent.adding(states, to: survey.mediatedParents)
        }
        inventory.survey = survey
    }

    private var readsThisMachine: Bool { (try? HostTree(root: root))?.isLive == true }
}
