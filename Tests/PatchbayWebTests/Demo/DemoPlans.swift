import PatchbayAPI

/// Plans in each of their endings, and the events around them.
enum DemoPlans {
    static var attachSteps: [[String: Any]] {
        [
            Wire.step(1, "unbind", "42:00.0", "from nvidia", "waiting", nil),
            Wire.step(2, "override", "42:00.0", "(none) → vfio-pci", "waiting", nil),
            Wire.step(3, "probe", "42:00.0", "→ vfio-pci", "waiting", nil),
            Wire.step(4, "plug", "trainer-02", "with 42:00.0", "waiting", nil),
            Wire.step(5, "start", "trainer-02", "", "waiting", nil),
        ]
    }

    static let all: [API.Plan] = [
        Wire.plan(
            "p-8a10", "Start router", phase: "running",
            steps: [
                Wire.step(1, "unbind", "b1:01.1", "from iavf", "done", 812),
                Wire.step(2, "override", "b1:01.1", "(none) → vfio-pci", "done", 4),
                Wire.step(3, "probe", "b1:01.1", "→ vfio-pci", "running", nil),
                Wire.step(4, "plug", "router", "with b1:01.1", "waiting", nil),
            ], ago: 3000),
        Wire.plan(
            "p-8a09", "Start cad-07", phase: "rolled-back",
            steps: [
                Wire.step(1, "unbind", "c1:00.0", "from nvidia", "undone", 1100),
                Wire.step(2, "override", "c1:00.0", "(none) → vfio-pci", "undone", 4),
                Wire.step(3, "start", "cad-07", "", "failed", nil),
            ],
            problem: [
                "type": "urn:patchbay:problem:hypervisor-refused", "title": "Hypervisor refused", "status": 500,
                "code": "hypervisor-refused",
                "detail": "cad-07 cannot give a device access to its memory: it may lock 16 GiB and needs 33 GiB.",
                "evidence": ["hard limit 16 GiB", "guest memory 32 GiB"],
                "next": ["Raise the limit: virsh memtune cad-07 --hard-limit 34G --config", "Then start it again."],
                "cause": "cannot lock guest memory",
            ]),
        Wire.plan(
            "p-7f31", "Start trainer-01", phase: "applied",
            steps: [
                Wire.step(1, "unbind", "41:00.0", "from nvidia", "done", 812),
                Wire.step(2, "override", "41:00.0", "(none) → vfio-pci", "done", 4),
                Wire.step(3, "probe", "41:00.0", "→ vfio-pci", "done", 95),
                Wire.step(4, "start", "trainer-01", "", "done", 1900),
            ], ago: 7_200_000),
        Wire.plan(
            "p-7c11", "Prepare b1:01.0", phase: "stuck",
            steps: [
                Wire.step(1, "unbind", "b1:01.0", "from iavf", "done", 40),
                Wire.step(2, "override", "b1:01.0", "(none) → vfio-pci", "failed", nil),
            ],
            problem: [
                "type": "urn:patchbay:problem:plan-stuck", "title": "Plan stuck", "status": 500, "code": "plan-stuck",
                "detail": "The driver iavf did not take b1:01.0 back.", "evidence": [String](),
                "next": ["See it:  patchbay device show b1:01.0"],
            ], left: [Wire.step(1, "unbind", "b1:01.0", "from iavf", "done", 40)], ago: 86_400_000),
    ]

    static let events: [API.Event] = [
        Wire.event(41, "plan.started", "plan p-8a10", "Plan p-8a10 was started: Start router.", ago: 3000),
        Wire.event(40, "plan.rolled-back", "plan p-8a09", "Plan p-8a09 was rolled back.", ago: 118_000),
        Wire.event(37, "vm.attached", "vm trainer-01", "trainer-01 holds atlas/41:00.0.", ago: 7_190_000),
        Wire.event(36, "pool.created", "pool a100", "Pool a100 was created.", ago: 90_000_000),
    ]
}
