import CPatchbayHost
import PatchbayCore

extension PCIFunctionReader {
    /// What the function is to SR-IOV: `physfn` makes it virtual, `sriov_totalvfs` physical. A virtual function's index
    /// is only known to its parent, whose `virtfn` links are read with the parent: see `InventoryReader`.
    func role(_ directory: Int32, isLocked: Bool) -> PCIRole {
        if let parent = linkedFunction(directory, SysfsPath.Function.parent) {
            return .virtual(parent: parent, index: 0)
        }
        guard let total = buffer.decimal(directory, SysfsPath.Function.totalVFs), (0...0xffff).contains(total) else {
            return .plain
        }
        var functions: [PCIAddress] = []
        while functions.count < total,
            let function = linkedFunction(directory, SysfsPath.Function.virtualFunction(functions.count))
        {
            functions.append(function)
        }
        let told = isLocked ? nil : buffer.decimal(directory, SysfsPath.Function.activeVFs)
        let active = told.flatMap { (0...total).contains($0) ? $0 : nil } ?? functions.count
        return .physical(total: total, active: active, virtualFunctions: functions)
    }

    private func linkedFunction(_ directory: Int32, _ name: String) -> PCIAddress? {
        buffer.link(directory, name) { KernelText.address($0, KernelText.lastComponent($0)) }
    }
}
