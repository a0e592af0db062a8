package apptest

import "syscall"

// endsWithUs has the kernel end the server if the test's process is killed.
func endsWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
