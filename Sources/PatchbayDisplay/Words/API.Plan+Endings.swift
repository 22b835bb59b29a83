import PatchbayAPI

extension API.Plan {
    /// It stopped its VM and did not start it again: a restart that failed or was cancelled on the way.
    package var leftVMOff: Bool {
        phase == "rolled-back" && steps.contains { $0.verb == "stop" && $0.status == "done" }
    }
}
