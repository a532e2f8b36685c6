// The same bundle as the deploy, told to look only.
process.env['EC2_DEPLOY_STORY'] = 'check';
await import('../dist/index.js');
